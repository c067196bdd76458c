"""Who works for which institution: the accounts are those of cadres.demonstration."""

from cadres import roles
from cadres.models import RoleGrant, User
from courses.models import Institution, InstitutionAccount

INSTITUTIONS = {"truong-chinh-tri": ("TCT",)}  # account → codes of institutions.csv


def give_institutions() -> None:
    """Give the accounts of training institutions their institutions; accounts that are not there are left out."""
    institutions = {institution.code: institution for institution in Institution.objects.all()}
    holding = RoleGrant.objects.filter(role=roles.TRAINING_INSTITUTION).values("user")
    for user in User.objects.filter(username__in=INSTITUTIONS, pk__in=holding):
        for code in INSTITUTIONS[user.username]:
            InstitutionAccount.objects.get_or_create(user=user, institution=institutions[code])
