from cadres.models.fields import ChangedAtField, ClockTime
from cadres.models.forms import KeptForm, SentForm
from cadres.models.history import Act, Change, Visit
from cadres.models.officials import Appointment, EthnicGroup, Official, OfficialIdentifier, Sex
from cadres.models.qualifications import Qualification, Waiver
from cadres.models.rosters import (
    ColumnMapping,
    ColumnTitle,
    ImportBatch,
    ImportProgress,
    ImportRow,
    MissingOfficial,
    ValueSpelling,
)
from cadres.models.standards import (
    JUDGED_GROUPS,
    AcceptedField,
    Criterion,
    Dimension,
    Level,
    Position,
    PositionGroup,
    Requirement,
    RetirementAge,
    Standard,
)
from cadres.models.units import RosterDay, Unit, UnitRelaxation, UnitSuccession, UnitVersion, UnitZone, Zone
from cadres.models.users import User, UserScope
from cadres.models.verdicts import JudgedPost, LevelSetField

__all__ = [
    "JUDGED_GROUPS",
    "AcceptedField",
    "Act",
    "Appointment",
    "Change",
    "ChangedAtField",
    "ClockTime",
    "ColumnMapping",
    "ColumnTitle",
    "Criterion",
    "Dimension",
    "EthnicGroup",
    "ImportBatch",
    "ImportProgress",
    "ImportRow",
    "JudgedPost",
    "KeptForm",
    "Level",
    "LevelSetField",
    "MissingOfficial",
    "Official",
    "OfficialIdentifier",
    "Position",
    "PositionGroup",
    "Qualification",
    "Requirement",
    "RetirementAge",
    "RosterDay",
    "SentForm",
    "Sex",
    "Standard",
    "Unit",
    "UnitRelaxation",
    "UnitSuccession",
    "UnitVersion",
    "UnitZone",
    "User",
    "UserScope",
    "ValueSpelling",
    "Visit",
    "Waiver",
    "Zone",
]
