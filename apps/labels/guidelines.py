"""Guidelines in their versions: writes new ones, says which is in force, and who has to read it. No version is ever
changed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, F, Max, Min, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import Http404

from apps.accounts.access import ALLOWED
from apps.accounts.models import Membership, Role, Team, User
from apps.common.errors import Refused
from apps.labels.guideline_models import Guideline, GuidelineReading, GuidelineVersion

NAME_LIMIT = 200
TEXT_LIMIT = 20_000
SUMMARY_LIMIT = 2_000
UNREADABLE = re.compile("[\x00\ud800-\udfff]")
LABELLERS = [role.value for role in Role if "label" in ALLOWED[role]]


@dataclass(frozen=True, slots=True)
class Reader:
    """A member who may label, and how far they have read a guideline. version: the newest they said they read, None
    where they read none; owes: whether they have to read the one in force before they go on."""

    membership: Membership
    version: GuidelineReading | None
    owes: bool


def guideline_of(team: Team, guideline: int) -> Guideline:
    """The team's guideline of this id. Raises Http404, the same for a foreign one as for none."""
    found = Guideline.objects.filter(team=team, pk=guideline).first()
    if found is None:
        raise Http404
    return found


def version_of(guideline: Guideline, number: int) -> GuidelineVersion:
    """The guideline's version of this number. Raises Http404."""
    found = guideline.versions.select_related("created_by").filter(number=number).first()
    if found is None:
        raise Http404
    return found


def guidelines_of(team: Team) -> QuerySet[Guideline]:
    """The team's guidelines by name, each with `newest` (the number of the version in force) and `queue_count`."""
    counted = Count("queues", distinct=True)
    return (
        Guideline.objects.filter(team=team)
        .annotate(newest=Max("versions__number"), queue_count=counted)
        .order_by("name")
    )


def versions_in_force(guidelines: Sequence[Guideline]) -> dict[int, GuidelineVersion]:
    """The version in force of each of these guidelines that has one, by the guideline's id; one query."""
    rows = GuidelineVersion.objects.filter(guideline__in=[one.pk for one in guidelines]).select_related("created_by")
    return {one.guideline_id: one for one in rows.order_by("guideline", "-number").distinct("guideline")}


def version_in_force(guideline: Guideline) -> GuidelineVersion:
    """The version of the highest number. Raises ObjectDoesNotExist for a guideline without any, which nothing makes."""
    found = guideline.versions.order_by("-number").first()
    if found is None:
        raise ObjectDoesNotExist(f"Guideline {guideline.pk} has no version.")
    return found


def must_read(user: User, guideline: Guideline) -> GuidelineVersion | None:
    """The version in force, where the person has to read it before they label by it; one query.

    They have to where, of the versions after the newest they said they read, one says so: who reads the newest has
    read them all. Who has read none begins before the first.
    """
    read = GuidelineReading.objects.filter(user=user, version__guideline=guideline).order_by("-version__number")
    so_far = Coalesce(Subquery(read.values("version__number")[:1]), Value(0))
    owed = GuidelineVersion.objects.filter(guideline=guideline, must_read=True).annotate(so_far=so_far)
    versions = GuidelineVersion.objects.filter(guideline=guideline).select_related("guideline")
    return versions.filter(Exists(owed.filter(number__gt=F("so_far")))).order_by("-number").first()


def worked_by(user: User, guideline: Guideline) -> GuidelineVersion | None:
    """The version that the person labels by: the newest before any that they still have to read; two queries.

    None where they have to read the first. Who has read one labels by later ones too that ask nobody to read them."""
    read = last_read(user, guideline)
    owed = guideline.versions.filter(must_read=True, number__gt=read.number if read else 0)
    first = owed.aggregate(first=Min("number"))["first"]
    versions = guideline.versions.filter(number__lt=first) if first else guideline.versions
    return versions.order_by("-number").first()


def last_read(user: User, guideline: Guideline) -> GuidelineVersion | None:
    """The newest version that the person said they read."""
    return GuidelineVersion.objects.filter(guideline=guideline, readings__user=user).order_by("-number").first()


def confirm_reading(*, user: User, version: GuidelineVersion) -> GuidelineReading:
    """Note that the person says they have read this version; twice is once."""
    return GuidelineReading.objects.get_or_create(version=version, user=user)[0]


def readers_of(guideline: Guideline, memberships: Sequence[Membership]) -> list[Reader]:
    """How far each of these members has read the guideline; two queries, however many they are."""
    people = [one.user_id for one in memberships]
    rows = GuidelineReading.objects.filter(version__guideline=guideline, user__in=people).select_related("version")
    newest = {one.user_id: one for one in rows.order_by("user", "-version__number").distinct("user")}
    asked = guideline.versions.filter(must_read=True).aggregate(number=Max("number"))["number"] or 0
    return [_reader(membership, newest, asked) for membership in memberships]


def _reader(membership: Membership, newest: Mapping[int, GuidelineReading], asked: int) -> Reader:
    reading = newest.get(membership.user_id)
    return Reader(membership, reading, owes=asked > (reading.version.number if reading else 0))


def labelling_members(team: Team) -> QuerySet[Membership]:
    """The team's members who may label, by name."""
    members = Membership.objects.filter(team=team, role__in=LABELLERS).select_related("user")
    return members.order_by("user__name", "user__email", "pk")


def add_guideline(*, team: Team, by: User, name: str, text: str, must_read: bool) -> GuidelineVersion:
    """Make a guideline with its first version. Raises Refused for a name that is taken (409), and for words that cannot
    be stored."""
    name, text = storable("name", name, NAME_LIMIT), storable("text", text, TEXT_LIMIT)
    taken = f"There is a guideline {name!r} already. Choose another name, or write a new version of that one."
    try:
        with transaction.atomic():
            guideline = Guideline.objects.create(team=team, name=name)
            return _added(guideline, 1, by, text, "", must_read)
    except IntegrityError as error:
        raise Refused(taken, code="name-taken", status=409, fields={"name": taken}) from error


def add_version(
    *, guideline: Guideline, by: User, text: str, summary: str, must_read: bool, since: int
) -> GuidelineVersion:
    """Add a version that follows number `since`, which was in force when it was written.

    Raises Refused for words that cannot be stored, a text in which nothing has changed, and (409) where another
    version came meanwhile.
    """
    text = storable("text", text, TEXT_LIMIT)
    summary = storable("summary", summary, SUMMARY_LIMIT)
    stands = version_in_force(guideline)
    if stands.number != since:
        raise overtaken(since, stands.number)
    if stands.text == text:
        same = f"Expected a text that differs from version {since}; found the same. Change it, or leave it as it is."
        raise Refused(same, code="nothing-changed", fields={"text": same})
    try:
        with transaction.atomic():
            return _added(guideline, since + 1, by, text, summary, must_read)
    except IntegrityError as error:
        raise overtaken(since, since + 1) from error


def overtaken(since: int, newest: int) -> Refused:
    """The refusal of a version that follows one which is in force no more."""
    message = (
        f"Version {newest} was written meanwhile, and yours follows version {since}. Nothing of yours is lost: it"
        f" stands below. Compare it with version {newest}, bring the two together, and store again."
    )
    return Refused(message, code="other-version", status=409)


def _added(guideline: Guideline, number: int, by: User, text: str, summary: str, must_read: bool) -> GuidelineVersion:
    return GuidelineVersion.objects.create(
        guideline=guideline, number=number, text=text, summary=summary, must_read=must_read, created_by=by
    )


def storable(name: str, words: str, limit: int) -> str:
    """`words` without white space around them. Raises Refused, by the field's name, where they are empty, too long or
    hold what no text column takes."""
    words = words.replace("\r\n", "\n").strip()
    wrong = ""
    if not words:
        wrong = f"Expected a {name}; found nothing but white space. Write one."
    elif len(words) > limit:
        wrong = f"Expected a {name} of at most {limit:,} characters; found {len(words):,}. Shorten it."
    elif UNREADABLE.search(words):
        wrong = f"Expected a {name} of readable characters; found a NUL or half a surrogate pair. Take it out."
    if wrong:
        raise Refused(wrong, code=f"bad-{name}", fields={name: wrong})
    return words
