from cadres.models.fields import ChangedAtField, ClockTime
from cadres.models.forms import KeptForm, SentForm
from cadres.models.history import Act, Change, Visit
from cadres.models.installation import HomeTable, Installation
from cadres.models.officials import Appointment, EthnicGroup, Official, OfficialIdentifier, Sex
from cadres.models.planned import PlannedPost
from cadres.models.publications import (
    Publication,
    PublicationProposal,
    PublicationWithdrawal,
    PublishedGroup,
    PublishedPost,
)
from cadres.models.qualifications import Qualification, Waiver
from cadres.models.reminders import Reminder
from cadres.models.reviews import SetAside
from cadres.models.rosters import (
    ColumnMapping,
    ColumnTitle,
    ImportBatch,
    ImportEffect,
    ImportProgress,
    ImportRow,
    MissingOfficial,
    ValueSpelling,
)
from cadres.models.saved_views import SavedView
from cadres.models.sessions import Session
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
    StandardChange,
)
from cadres.models.targets import RateTarget
from cadres.models.units import (
    NO_ZONE,
    RosterDay,
    SizeClass,
    StaffQuota,
    Unit,
    UnitClass,
    UnitRelaxation,
    UnitSuccession,
    UnitVersion,
    UnitZone,
    Zone,
    ZonePeriod,
    zone_label,
    zone_told,
)
from cadres.models.users import RoleGrant, User
from cadres.models.verdicts import JudgedPost, LevelSetField

__all__ = [
    "JUDGED_GROUPS",
    "NO_ZONE",
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
    "HomeTable",
    "ImportBatch",
    "ImportEffect",
    "ImportProgress",
    "ImportRow",
    "Installation",
    "JudgedPost",
    "KeptForm",
    "Level",
    "LevelSetField",
    "MissingOfficial",
    "Official",
    "OfficialIdentifier",
    "PlannedPost",
    "Position",
    "PositionGroup",
    "Publication",
    "PublicationProposal",
    "PublicationWithdrawal",
    "PublishedGroup",
    "PublishedPost",
    "Qualification",
    "RateTarget",
    "Reminder",
    "Requirement",
    "RetirementAge",
    "RoleGrant",
    "RosterDay",
    "SavedView",
    "SentForm",
    "Session",
    "SetAside",
    "Sex",
    "SizeClass",
    "StaffQuota",
    "Standard",
    "StandardChange",
    "Unit",
    "UnitClass",
    "UnitRelaxation",
    "UnitSuccession",
    "UnitVersion",
    "UnitZone",
    "User",
    "ValueSpelling",
    "Visit",
    "Waiver",
    "Zone",
    "ZonePeriod",
    "zone_label",
    "zone_told",
]
