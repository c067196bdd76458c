"""A figure is proposed by one person and published by another; alone only where nobody else could publish it."""

from datetime import date

from django.core.exceptions import ValidationError

from cadres.history import act, signed
from cadres.models import Publication, PublicationProposal, User

PUBLISH = "cadres.add_publication"


@signed
def propose(*, asked: str, title: str, decision: str, decided_on: date | None, by: User) -> PublicationProposal:
    """Ask for a figure to be published. Raises ValidationError where the same is asked for already."""
    if PublicationProposal.objects.waiting().filter(asked=asked).exists():
        raise ValidationError("Số liệu này đã được đề nghị và đang chờ người phê duyệt.")
    proposal = PublicationProposal(asked=asked, title=title, decision=decision, decided_on=decided_on, proposed_by=by)
    proposal.full_clean()
    proposal.save()
    return proposal


def locked(proposal: PublicationProposal) -> PublicationProposal:
    """The proposal as it is now, locked. Raises ValidationError where it waits no longer."""
    found = PublicationProposal.objects.waiting().select_for_update(of=("self",)).filter(pk=proposal.pk).first()
    if found is None:
        raise ValidationError("Đề nghị này vừa được xử lý. Hãy xem lại danh sách.")
    return found


@signed
def published(proposal: PublicationProposal, publication: Publication, *, by: User) -> None:
    """The proposal has led to that figure."""
    proposal = locked(proposal)
    proposal.publication = publication
    proposal.save(update_fields=["publication"])


@signed
def refuse_proposal(proposal: PublicationProposal, *, reason: str, by: User) -> None:
    """Let it not be published, or take the own proposal back. Raises ValidationError where it waits no longer."""
    with act(reason=reason):
        proposal = locked(proposal)
        proposal.refused_for = reason
        proposal.save(update_fields=["refused_for"])
