"""Which ways of writing a need mean the same topic, in a school or in a district.

Nothing here touches what a teacher wrote: a merge is one topic and one other name of it per text, kept in the place
that merged them. What a school merges never changes what another school counts; a district's own reading comes before
the country's, and a school's before both.
"""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.registers import Place
from cpd.text import fold
from plans.models import Topic, TopicAlias
from schools import audit
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import Event, Work
from schools.models import District, Institution, User

Where = Institution | District
LONGEST_KEY = TopicAlias._meta.get_field("key").max_length
LONGEST_TITLE = Topic._meta.get_field("title_ky").max_length or 0


def key_of(text: str) -> str:
    """A text as needs, rows and other names keep it for comparison."""
    return fold(text)[:LONGEST_KEY]


def titles_for(where: Where, keys: Iterable[str]) -> dict[str, tuple[str, str]]:
    """What the folded texts stand for there: the key and the title of the topic; one query.

    Texts that were never merged with another are left out: they stand for themselves.
    """
    known = TopicAlias.objects.live().filter(key__in=set(keys))
    if isinstance(where, Institution):
        known = known.known_in(where)
    else:
        known = known.filter(Q(district=where) | Q(district=None), institution=None)
    in_order = known.order_by(F("institution").asc(nulls_first=True), F("district").asc(nulls_first=True))
    titles = dict(in_order.values_list("key", "target__title_ky"))  # written in this order the nearest place's stays
    return {key: (key_of(title), title) for key, title in titles.items()}


def keeps_topics(user: User, where: Where) -> bool:
    """Whether the user says what means the same there: who makes the school's request, the district's officers."""
    if isinstance(where, Institution):
        return where.pk in user.scope.making(Work.NEEDS)
    return where.pk in user.scope.districts


def merged_in(where: Where) -> QuerySet[TopicAlias]:
    """The other names that hold there by the place's own word, topic by topic, each topic's own title left out."""
    named = TopicAlias.objects.live().filter(**_place(where).columns).select_related("target", "entered_by")
    return named.exclude(text=F("target__title_ky")).order_by("target__search_key", "target", "text")


def merge_topics(*, by: User, where: Where, texts: Iterable[str], title: str) -> Topic:
    """Let all ``texts`` mean one topic in a place, called ``title``; the topic.

    A text that is the title of an earlier merge brings everything along that was merged into it. Raises
    ``PermissionDenied`` for a place the user does not keep, ``Refused`` without a title, ``ChangedMeanwhile`` where
    somebody else merged one of the texts at the same moment.
    """
    title = " ".join(title.split())
    if not keeps_topics(by, where):
        raise PermissionDenied
    if not title or len(title) > LONGEST_TITLE:
        raise Refused(_("Name the topic."))
    place = _place(where)
    with transaction.atomic():
        topic, merged = _merge(by, place, texts, title)
        _note(by, place, topic, before={}, after={"texts": sorted(merged)})
    return topic


def rename_in_country(*, by: User, old: str, new: str) -> None:
    """Let two names that the country's standard gave one topic, earlier and now, mean the same in the whole country.

    A place that says itself what one of them means there means the same by the other. Whoever changes the standard
    has been asked whether they may, and the journal tells the change itself.
    """
    keys = {key_of(old): old, key_of(new): new}
    if len(keys) == 1:
        return
    with transaction.atomic():
        _merge(by, Place(), [old], new)
        said = TopicAlias.objects.live().filter(key__in=keys).exclude(institution=None, district=None)
        others = (
            TopicAlias(text=text, target=one.target, entered_by=by.person, **Place.of(one).columns)
            for one in said.select_related("target", "institution", "district")
            for key, text in keys.items()
            if key != one.key
        )
        TopicAlias.objects.bulk_create(others, ignore_conflicts=True)  # where a place says what both mean, that stays


def unmerge(*, by: User, alias: TopicAlias) -> None:
    """Let a text stand for itself again; the row that said otherwise is kept as removed.

    Raises ``ChangedMeanwhile`` where it was taken away already.
    """
    place = Place.of(alias)
    where = alias.institution or alias.district
    if where is None or not keeps_topics(by, where):
        raise PermissionDenied
    with transaction.atomic():
        if not _take_away([alias.pk], by=by):
            raise ChangedMeanwhile(_("This name was removed already."))
        rest = TopicAlias.objects.live().filter(target=alias.target_id, **place.columns)
        if all(one.key == key_of(alias.target.title_ky) for one in rest):  # a topic by itself merges nothing
            _take_away([one.pk for one in rest], by=by)
        _note(by, place, alias.target, before={"texts": [alias.text]}, after={})


def _place(where: Where) -> Place:
    return Place(institution=where) if isinstance(where, Institution) else Place(district=where)


def _merge(by: User, place: Place, texts: Iterable[str], title: str) -> tuple[Topic, list[str]]:
    """The topic, and all that was written for it. Call inside the writing transaction."""
    written = {key_of(text): text for text in [*texts, title]}
    live = TopicAlias.objects.live().filter(**place.columns).select_related("target")
    meant = [one for one in live if one.key in written or key_of(one.target.title_ky) in written]
    topic = next((one.target for one in meant if one.target.title_ky == title), None)
    if topic is None:
        topic = Topic.objects.create(title_ky=title, entered_by=by.person, **place.columns)
    stays = {one.key for one in meant if one.target_id == topic.pk}
    written |= {one.key: one.text for one in meant if one.key not in written}
    _take_away([one.pk for one in meant if one.key not in stays], by=by)
    try:
        with transaction.atomic():
            for key, text in written.items():
                if key not in stays:
                    TopicAlias.objects.create(text=text, target=topic, entered_by=by.person, **place.columns)
    except IntegrityError:
        raise ChangedMeanwhile(_("Somebody else linked this text meanwhile.")) from None
    return topic, list(written.values())


def _take_away(names: list[int], *, by: User) -> int:
    live = TopicAlias.objects.live().filter(pk__in=names)
    return live.update(removed_by=by.person, removed_at=timezone.now())


def _note(by: User, place: Place, topic: Topic, *, before: dict[str, list[str]], after: dict[str, list[str]]) -> None:
    audit.note(
        Event.REFERENCE_CHANGED,
        by=by,
        institution=place.institution,
        district=place.district,
        what=topic.title_ky,
        before=before,
        after=after,
    )
