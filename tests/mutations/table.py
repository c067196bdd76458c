"""The mutations that are kept: a text of the source, what it is changed to, and the test that fails then.

An entry says that a rule is held by a test, and by which. A library that invents mutations (mutmut 3.8) was looked at
and left: it makes 10,000 of these files, which at some 4 seconds each takes a night; it looks neither into SQL nor into
functions with a decorator, which all that write are; and what survives has to be judged again after every change. This
table is what was worth keeping of such a night. Whoever changes a rule changes its lines here.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Mutation:
    """`old` stands exactly once in the file. `equivalent`: why no test can notice, where none can."""

    file: str
    old: str
    new: str
    test: str  # its name; the file that has it is found
    equivalent: str = ""

    def __str__(self) -> str:
        source = (ROOT / self.file).read_text()
        line = source[: source.find(self.old)].count("\n") + 1
        old, new = (" ".join(text.split()) for text in (self.old, self.new))
        return f"{self.file}:{line}  {old}  →  {new or 'nothing'}  ({self.test})"


def of(file: str, *changes: tuple[str, ...]) -> Iterator[Mutation]:
    """The mutations of a file, each as (old, new, test) or (old, new, test, why it is equivalent)."""
    return (Mutation(file, *change) for change in changes)


MUTATIONS = (
    *of(
        "lao_cai_training/frames.py",
        (
            "co_stacksize=WORDS",
            "co_stacksize=50",
            "test_what_has_room_fetches_no_memory_for_each_call_however_deep_it_lies",
        ),
    ),
    *of(
        "cadres/web/progress.py",
        ('f"{by.pk}-{key}"', "key", "test_the_rows_written_so_far_are_told_to_who_waits_and_to_nobody_else"),
        (">= A_WHILE", "< A_WHILE", "test_what_is_told_grows"),
        ("place.unlink(missing_ok=True)", "pass", "test_a_file_that_breaks_off_is_not_waited_for_any_more"),
        ("> LEFT_BEHIND", "< LEFT_BEHIND", "test_what_a_killed_process_left_behind_goes_with_the_next_file"),
        ("KEY.fullmatch(key)", "key", "test_a_key_that_no_page_makes_up_names_no_file"),
    ),
    *of(
        "templates/refused.html",
        ("menu=menu_alone", "menu=menu", "test_a_page_that_refuses_has_the_menu_and_counts_nothing_for_it"),
    ),
    *of(
        "courses/to_do.py",
        (
            "asked_from__lte=day",
            "asked_from__lt=day",
            "test_who_plans_is_told_of_the_effect_to_ask_about_for_a_year",
        ),
        (
            "asked_from__gt=add_months",
            "asked_from__gte=add_months",
            "test_who_plans_is_told_of_the_effect_to_ask_about_for_a_year",
        ),
        (
            "        ~Exists(codes),\n",
            "",
            "test_nobody_is_told_of_a_class_that_was_asked_about_or_taught_nobody_or_goes_on",
        ),
        (
            "        _with(Enrolment.State.COMPLETED),\n",
            "",
            "test_nobody_is_told_of_a_class_that_was_asked_about_or_taught_nobody_or_goes_on",
        ),
        (
            "end_date__lt=day)",
            "end_date__lte=day)",
            "test_sonoivu_is_told_of_nominations_and_an_institution_of_its_classes_past_their_end",
        ),
        ("start_date__lte=day)", "start_date__lt=day)", "test_of_each_task_only_what_waits_is_counted"),
        ("starts_at__date__lt=day", "starts_at__date__lte=day", "test_of_each_task_only_what_waits_is_counted"),
        (
            "starts_at__date=day, is_cancelled=False",
            "starts_at__date=day",
            "test_of_each_task_only_what_waits_is_counted",
        ),
        ("Exists(held.filter(unmarked))", "Exists(held)", "test_of_each_task_only_what_waits_is_counted"),
        (".filter(TrainingClass.going_on(day))", ".all()", "test_of_each_task_only_what_waits_is_counted"),
    ),
    *of(
        "courses/needs/computed.py",
        ("if dimension is None or key == dimension.pk", "", "test_filters_mean_what_they_say"),
        (
            "[one for one in offers if one.programme == programme]",
            "[*offers]",
            "test_needs_are_those_of_the_loops_in_the_small_province",
        ),
    ),
    *of(
        "courses/needs/to_do.py",
        (
            "campaign__year__gte=day.year",
            "campaign__year__gt=0",
            "test_a_district_is_late_after_its_deadline_until_it_hands_in_or_the_year_of_the_plan_is_over",
        ),
    ),
    *of(
        "courses/planning/to_do.py",
        ("year__gte=day.year", "year__gt=0", "test_of_each_task_only_what_waits_is_counted"),
        ('__gt": F(', '__gte": F(', "test_of_each_task_only_what_waits_is_counted"),
        ("~Q(authors__contains=[user.pk])\n", "Q()\n", "test_what_somebody_drafted_is_not_theirs_to_approve"),
    ),
    *of(
        "cadres/accounts/to_do.py",
        ("day_of_roles() + SOON", "day_of_roles() + 2 * SOON", "test_of_each_task_only_what_waits_is_counted"),
        ("second_factor_since=None, ", "", "test_of_each_task_only_what_waits_is_counted"),
    ),
    *of(
        "reports/publications/to_do.py",
        (", withdrawal=None", "", "test_a_published_year_end_is_due_no_more_and_a_withdrawn_one_again"),
        (".exclude(proposed_by=user.pk)", "", "test_of_each_task_only_what_waits_is_counted"),
    ),
    *of(
        "reports/tasks/reminding.py",
        (
            "User.objects.filter(is_active=True)",
            "User.objects.all()",
            "test_nobody_is_reminded_who_has_no_address_no_role_is_suspended_or_wants_nothing",
        ),
        ("if wanted.get(task.kind)", "if True", "test_each_kind_of_work_is_told_as_long_as_the_account_wants_it"),
        (
            "    except IntegrityError:\n        return False\n",
            "    except IntegrityError:\n        mail_to(user, lines, day, site).send()\n",
            "test_an_account_is_reminded_once_a_day",
        ),
    ),
    *of(
        "reports/tasks/shown.py",
        ("<= SOON.days}", "<= -SOON.days}", "test_what_is_late_comes_first_and_says_so"),
    ),
    *of(
        "cadres/web/fields.py",
        (
            "isinstance(field, DoneOnField) and day and day > now",
            "isinstance(field, DoneOnField) and day and day >= now",
            "test_a_day_on_which_something_was_done_is_not_after_today",
        ),
    ),
    *of(
        "courses/results/pupils.py",
        (
            "not post.has_begun(end)",
            "not post.has_begun(start)",
            "test_nobody_studied_before_birth_or_before_the_first_post",
        ),
        (
            "(post.stated_start or not post.is_of_roster)",
            "True",
            "test_nobody_studied_before_birth_or_before_the_first_post",
        ),
        (
            "if now < begins:",
            "if now <= begins:",
            "test_results_are_written_from_the_first_session_on_and_attendance_on_the_day_of_each",
        ),
        (
            "if now < session.day:",
            "if False:",
            "test_results_are_written_from_the_first_session_on_and_attendance_on_the_day_of_each",
        ),
    ),
    *of(
        "courses/results/views/attendance.py",
        (
            "check_was_held(sessions[key], today_of(request))",
            "pass",
            "test_the_pages_go_by_the_day_that_the_demonstration_takes_for_today",
        ),
    ),
    *of(
        "courses/results/views/marks.py",
        (
            "check_has_begun(training_class, today_of(request))",
            "pass",
            "test_the_pages_go_by_the_day_that_the_demonstration_takes_for_today",
        ),
    ),
    *of(
        "courses/lists/reading.py",
        (
            "for key in named if key in self.allowed]",
            "for key in named]",
            "test_a_namesake_of_another_unit_is_offered_to_nobody",
        ),
        (
            "against_results(training_class, taken.values(), year=now.year)",
            "{}",
            "test_what_writing_would_refuse_is_told_of_each_row_beforehand_all_of_it",
        ),
        (
            "against_attendance(training_class, taken.values(), now=now)",
            "{}",
            "test_a_session_still_to_come_is_told_of_each_row_that_marks_it",
        ),
        (
            "foreseen(training_class, taken.values(), day=day, criterion=criterion)",
            "{}",
            "test_a_nomination_by_list_meets_the_same_rules",
        ),
    ),
    *of(
        "courses/lists/checks.py",
        (
            'says.get("note") or enrolment.note',
            'says.get("note", "")',
            "test_a_list_sent_again_issues_nothing_twice_and_another_number_is_told_beforehand",
        ),
        (
            "and (had.number, had.book_entry) == numbers",
            "and False",
            "test_a_list_sent_again_issues_nothing_twice_and_another_number_is_told_beforehand",
        ),
    ),
    *of(
        "courses/lists/writing.py",
        (
            "year=issued_on.year if issued_on else None",
            "year=now.year",
            "test_what_stands_against_a_list_by_the_time_it_is_written_is_told_with_its_rows",
        ),
    ),
    *of(
        "courses/planning/proposal/choosing.py",
        (
            "solver.addConstr(sum(variables) >= problem.fewest * number)",
            "pass",
            "test_a_class_is_held_from_its_fewest_people_on_and_ten_are_two_classes",
        ),
        (
            "dict.fromkeys((home, None)):",
            "(home,):",
            "test_those_of_two_places_who_are_too_few_alone_learn_together_at_the_province",
        ),
        (
            "1 + tie * group.weight",
            "1",
            "test_of_two_who_cost_the_same_the_one_registered_goes",
        ),
        (
            "solver.addConstr(sum(taken) >= number)",
            "pass",
            "test_a_unit_gets_its_least_seats_or_nothing_is_proposed",
        ),
        (
            "part.number == self.zone if isinstance(part, OfZone)",
            "True if isinstance(part, OfZone)",
            "test_a_zone_gets_its_least_seats",
        ),
        (
            "if not _can_be_given(problem, part, seed)",
            "if False",
            "test_a_programme_left_out_and_least_seats_change_the_proposal",
        ),
    ),
    *of(
        "courses/classes/holidays.py",
        ("HOURS_EAST = 7", "HOURS_EAST = 8", "test_holidays_are_those_of_the_calendars_and_weekends_are_made_up_for"),
        (
            "while instead in found or instead.weekday() >= SATURDAY:",
            "while instead.weekday() >= SATURDAY:",
            "test_holidays_are_those_of_the_calendars_and_weekends_are_made_up_for",
        ),
    ),
    *of(
        "courses/planning/proposal/registered.py",
        (
            'order_by("priority", "pk")',
            'order_by("pk")',
            "test_who_is_registered_for_what_raises_no_rate_gets_the_money_that_is_left_the_urgent_first",
        ),
        (
            "money -= len(going) * one.price",
            "money -= 0",
            "test_two_courses_for_registered_people_share_the_money",
        ),
        (
            "if not _is_served(",
            "if True or (",
            "test_why_somebody_registered_gets_no_seat_is_said",
        ),
        (
            "if one.taken or len(going) >= fewest:",
            "if True:",
            "test_why_somebody_registered_gets_no_seat_is_said",
        ),
        (
            "one.rule.priority <= unregistered",
            "True",
            "test_whom_a_rule_asks_is_planned_for_unregistered_as_far_as_its_priority_says_so_after_the_registered",
        ),
        (
            "going += one.waiting(is_registered=False)[: fewest - len(going)]",
            "going += []",
            "test_whom_a_rule_asks_is_planned_for_unregistered_as_far_as_its_priority_says_so_after_the_registered",
        ),
        (
            "for is_registered in (True, False):\n        for one in wanted:",
            "for is_registered in (False, True):\n        for one in wanted:",
            "test_whom_a_rule_asks_is_planned_for_unregistered_as_far_as_its_priority_says_so_after_the_registered",
        ),
        (
            "any((programme.pk, official) in registered for programme in offers)",
            "(offers[0].pk, official) in registered",
            "test_a_rule_waits_for_a_unit_that_has_registered_the_same_person_for_another_programme_of_it",
        ),
        (
            'exclude(unit__in=accepted.values("district"))',
            "all()",
            "test_units_that_have_not_registered_are_named_and_their_people_reckoned_with_all_the_same",
        ),
    ),
    *of(
        "courses/planning/foreseen.py",
        ("Since.WAITS and left[line] > 0", "Since.WAITS", "test_a_seat_that_a_class_has_given_is_not_for_a_name"),
        ("elif since == Since.WAITS and", "elif", "test_what_has_become_of_each_name_is_said"),
        ("        made -= here\n", "", "test_a_line_in_a_unit_is_for_its_people_and_each_person_counts_once"),
        (
            "line.place_id in (home, *everywhere)",
            "True",
            "test_a_line_in_a_unit_is_for_its_people_and_each_person_counts_once",
        ),
        (
            "others = people - compliant(people)",
            "others = people",
            "test_who_studies_and_who_is_registered_for_the_seats_left_is_named",
        ),
    ),
    *of(
        "courses/planning/review.py",
        (
            "compliant(day) - compliant(date(year - 1, 12, 31))",
            "compliant(day)",
            "test_who_learns_in_two_lines_is_counted_once_in_all",
        ),
        (
            "withdrawn_on=None, issued_on__lte=day",
            "withdrawn_on=None",
            "test_before_the_certificates_nobody_is_made_compliant_and_from_their_day_on_they_are",
        ),
        (
            "len(set[int]().union(*(one.made_compliant for one in self.lines)))",
            "sum(len(one.made_compliant) for one in self.lines)",
            "test_who_learns_in_two_lines_is_counted_once_in_all",
        ),
        (
            "level is not None and level.dimension_id in dimensions",
            "level is not None",
            "test_a_line_that_gives_no_level_that_counts_makes_nobody_compliant",
        ),
        (
            "by_state.pop(TrainingClass.State.CANCELLED, 0)",
            "0",
            "test_a_line_is_told_beside_what_its_classes_came_to",
        ),
    ),
    *of(
        "courses/planning/views/proposal.py",
        (
            "if proposal.now != offered.now:",
            "if False:",
            "test_the_page_shows_what_would_be_and_puts_it_into_the_draft_once",
        ),
        (
            'with_these(offered, ticked(request, "lop")) if',
            "offered if",
            "test_what_if_a_class_is_not_held_is_reckoned_again_and_what_is_ticked_is_drafted",
        ),
    ),
    *of(
        "courses/planning/proposal/people.py",
        (
            "if post.official_id in studying:",
            "if False:",
            "test_nobody_is_sent_who_studies_retires_or_whose_record_says_too_little",
        ),
        (
            "**{rule.column: False for rule in BARS})",
            ")",
            "test_nobody_is_sent_who_studies_retires_or_whose_record_says_too_little",
        ),
    ),
    *of(
        "reports/forms/of_people.py",
        (
            "person.age is not None and first <= person.age <= last",
            "person.age is not None and first < person.age <= last",
            "test_the_whole_and_every_group_are_those_of_the_rates",
        ),
        (
            "if of_all else [])]",
            "if False else [])]",
            "test_the_sums_of_the_statistics_agree_across_and_down",
        ),
        (
            "if levels.verdict(kind, dimension) == DimensionVerdict.NOT_MET:",
            "if levels.verdict(kind, dimension) != DimensionVerdict.MET:",
            "test_needs_are_the_not_compliant_of_the_rates_by_position_and_dimension",
        ),
    ),
    *of(
        "reports/forms/people.py",
        (
            '"-level__rank")',
            '"level__rank")',
            "test_levels_are_counted_as_they_are_on_record",
        ),
    ),
    *of(
        "reports/forms/of_training.py",
        (
            "own.append((REST, ",
            "rows.append((REST, ",
            "test_every_turn_stands_in_one_row_of_the_party_s_form_and_every_class_is_of_the_province_or_below",
        ),
    ),
    *of(
        "reports/forms/layout.py",
        (
            "if column.is_lacking]",
            "if False]",
            "test_the_pay_of_bm04_is_left_empty_and_said_to_be_lacking",
        ),
    ),
    *of(
        "reports/forms/pdf.py",
        (
            "[*head, *(line.cells for line in lines)]",
            '[*[[""] * len(head[0])] * len(head), *(line.cells for line in lines)]',
            "test_the_titles_stand_on_every_page_and_no_signature_alone",
        ),
        (
            "    if foot > left:\n",
            "    if not form.rows:\n",
            "test_the_titles_stand_on_every_page_and_no_signature_alone",
        ),
        (
            "len(pages[-1]) > 1 and pages[-1][-1].row.is_group else []",
            "not form.rows else []",
            "test_a_heading_goes_to_the_rows_that_it_is_of",
        ),
    ),
    *of(
        "courses/planning/proposal/proposing.py",
        (
            "near=sum(homes.get(official) == one.place for official in one.officials)",
            "near=len(one.officials)",
            "test_people_times_days_taught_in_their_own_district_are_told_beside_each_class_and_in_sum",
        ),
    ),
    *of(
        "courses/planning/draft.py",
        (
            "exclude(line__programme=line.programme)",
            "none()",
            "test_names_stay_with_a_line_of_their_programme_only",
        ),
    ),
    *of(
        "courses/planning/amendments.py",
        (
            'filter(pk__in=list(named.values_list("pk", flat=True))).update(line=line)',
            "none()",
            "test_names_go_over_to_the_line_of_an_approved_amendment",
        ),
    ),
    *of(
        "courses/proposed.py",
        (
            'level__rank__gte=OuterRef(f"{gives}rank")',
            'level__rank__gt=OuterRef(f"{gives}rank")',
            "test_what_has_become_of_each_name_is_said",
        ),
        ("        When(post_then=None, then=Value(Since.GONE)),\n", "", "test_what_has_become_of_each_name_is_said"),
    ),
    *of(
        "courses/planning/proposal/drafting.py",
        (
            "if proposal.cost > plan.total_budget:",
            "if False:",
            "test_a_proposal_becomes_the_draft_within_the_money_of_each_source",
        ),
        (
            "paid[source] = min(cost, left[source])",
            "paid[source] = cost",
            "test_a_proposal_becomes_the_draft_within_the_money_of_each_source",
        ),
    ),
    *of(
        "courses/under_way.py",
        (
            "(State.NOMINATED, State.APPROVED, State.DECIDED)",
            "(State.NOMINATED, State.DECIDED)",
            "test_whoever_is_sent_or_studies_needs_it_no_more_and_others_do",
        ),
        (
            "add_months(day, -AWAITED_MONTHS)",
            "add_months(day, 1 - AWAITED_MONTHS)",
            "test_a_pupil_studies_from_the_first_day_to_half_a_year_after_the_last",
        ),
        (
            "if one.is_over), uncertified, state",
            "if one.is_over), state",
            "test_who_completed_waits_for_the_certificate_and_a_withdrawn_one_ends_that",
        ),
        (
            "awaiting &= ~is_part()",
            "pass",
            "test_a_need_ends_with_the_class_that_completes_the_programme",
        ),
        (
            "_going(classes).filter(~is_part(taught))",
            "_going(classes)",
            "test_a_need_ends_with_the_class_that_completes_the_programme",
        ),
        (
            ".exclude(state=TrainingClass.State.CANCELLED)",
            "",
            "test_a_cancelled_class_a_lower_level_and_another_field_bring_nothing",
        ),
        (
            "and self.rank >= level.rank",
            "and self.rank > level.rank",
            "test_the_same_level_twice_at_once_is_barred_and_said_with_the_class",
        ),
    ),
    *of(
        "courses/modules.py",
        (
            "& ~Q(Exists(valid)) & ~is_part()",
            "& ~Q(Exists(valid))",
            "test_all_modules_together_give_the_one_certificate_and_each_result_it_rests_on_stands",
        ),
        (
            'enrolment=OuterRef("pk"), withdrawn_on=None)',
            'enrolment=OuterRef("pk"))',
            "test_whose_certificate_was_revoked_is_due_a_new_one",
        ),
        (
            "training_class__end_date__lte=OuterRef(OuterRef(",
            "training_class__end_date__gte=OuterRef(OuterRef(",
            "test_all_modules_together_give_the_one_certificate_and_each_result_it_rests_on_stands",
        ),
        (
            "completed.filter(~Exists(certificates_of_whole())).annotate",
            "completed.annotate",
            "test_two_classes_that_end_on_one_day_give_one_certificate",
        ),
        (
            " | Q(Exists(OF_THE_CLASS.filter(module__in=own)))",
            "",
            "test_nobody_is_sent_twice_to_a_module_and_everybody_to_those_lacking",
        ),
    ),
    *of(
        "cadres/planned_posts.py",
        (
            "rounds[seen[row.official_id]].append(row)",
            "rounds[0].append(row)",
            "test_as_many_queries_are_asked_as_one_person_has_planned_posts",
        ),
        (
            '("not_met", DimensionVerdict.NOT_MET), ("unknown", DimensionVerdict.UNKNOWN)',
            '("not_met", DimensionVerdict.NOT_MET)',
            "test_the_verdict_in_a_planned_post_is_that_of_the_post_if_it_were_held",
        ),
    ),
    *of(
        "cadres/registry/planned.py",
        (
            "if not planned.has_begun(last_day):",
            "if False:",
            "test_who_is_taken_out_stays_to_the_last_day_given",
        ),
        (
            "if planned.has_ended(last_day):",
            "if False:",
            "test_who_is_taken_out_stays_to_the_last_day_given",
        ),
        (
            "    if held.exists():\n",
            "    if False:\n",
            "test_nobody_is_planned_for_the_post_that_is_held_nor_twice_for_one",
        ),
    ),
    *of(
        "cadres/views/planned_posts.py",
        (
            '" ".join((str(planned.position_id), *(',
            '" ".join(("", *(',
            "test_what_is_lacking_is_said_before_somebody_is_planned",
        ),
    ),
    *of(
        "courses/quality/feedback.py",
        (
            "FEWEST = 5  #",
            "FEWEST = 4  #",
            "test_nothing_is_told_of_fewer_than_five_sheets",
        ),
        (
            'is_told = row["sheets"] >= FEWEST',
            "is_told = True",
            "test_nothing_is_told_of_fewer_than_five_sheets",
        ),
        (
            "filter(pk=code.pk, is_used=False).update",
            "filter(pk=code.pk).update",
            "test_one_code_sent_twice_at_the_same_instant_is_one_sheet",
        ),
        (
            "if day < due else",
            "if day <= due else",
            "test_heads_are_asked_half_a_year_after_the_end",
        ),
        (
            "if made + how_many > MOST_CODES:",
            "if how_many > MOST_CODES:",
            "test_nobody_is_asked_about_a_class_that_has_not_begun",
        ),
    ),
    *of(
        "courses/quality/inspections.py",
        (
            "Q(remedied_on__gt=day)",
            "Q(remedied_on__gte=day)",
            "test_a_remedy_is_open_from_the_inspection_late_after_its_day_and_done_on_its_own",
        ),
        (
            "filter(remedy_until__lt=day)",
            "filter(remedy_until__lte=day)",
            "test_a_remedy_is_open_from_the_inspection_late_after_its_day_and_done_on_its_own",
        ),
        (
            "        return Inspection.objects.filter(own)\n",
            "        return Inspection.objects.all()\n",
            "test_an_institution_reads_what_was_found_on_itself_and_on_its_classes",
        ),
    ),
    *of(
        "cadres/correspondence.py",
        (
            "if since < on <= until:",
            "if since <= on < until:",
            "test_forward_a_unit_goes_where_its_successions_lead_and_one_that_was_split_to_all_of_them",
        ),
        (
            "if until < on <= since:",
            "if until <= on < since:",
            "test_backward_only_the_set_of_former_communes_that_became_one",
        ),
        (
            "if place.units and place.units <= wanted]",
            "if place.units & wanted]",
            "test_who_asks_for_some_units_of_a_day_gets_those_that_lie_wholly_among_them",
        ),
        (
            "if not self._lead(unit, self.day, then) <= set(sources)]",
            "if False]",
            "test_backward_only_the_set_of_former_communes_that_became_one",
        ),
        (
            "width_bucket({day}, {changes}::date[]) + 1]",
            "width_bucket({day} - 1, {changes}::date[]) + 1]",
            "test_sql_finds_the_same_places_of_one_day_and_of_days_of_their_own",
        ),
        (
            "and news <= now",
            "",
            "test_two_days_are_compared_in_units_that_were_merged_or_split_as_a_whole",
        ),
        (
            "(_is_among(olds, then_seen) and _is_among(news, now_seen))",
            "_is_among(news, now_seen)",
            "test_who_saw_a_part_of_what_became_one_compares_without_it",
        ),
    ),
    *of(
        "cadres/identity.py",
        (
            "return number if _is_whole.get()() else",
            "return number if number else",
            "test_who_keeps_the_registry_sees_whole_numbers_and_who_does_not_need_them_nowhere",
        ),
    ),
    *of(
        "cadres/web/pace.py",
        (
            "if len(times) < most:",
            "if len(times) <= most:",
            "test_who_searches_too_often_is_told_when_to_try_again_and_may_do_all_else",
        ),
        (
            "at__gt=timezone.now() - within",
            "at__lt=timezone.now()",
            "test_what_was_done_before_the_time_counts_no_more",
        ),
    ),
    *of(
        "lao_cai_training/logs.py",
        (
            'lines += [f"  {kind_of(error)}, at"',
            'lines += [f"  {error}, at"',
            "test_an_exception_is_written_with_its_places_and_without_its_words",
        ),
    ),
    *of(
        "lao_cai_training/serving.py",
        (
            "return self.missing == 0",
            "return self.missing is not None",
            "test_requests_that_are_half_sent_do_not_keep_a_page_from_anybody",
        ),
        (
            "enabled and self.at_work < self.cfg.threads",
            "enabled",
            "test_a_process_whose_threads_are_at_work_leaves_the_next_to_another_process",
        ),
    ),
    *of(
        "cadres/web/effects.py",
        (
            "if at_once and not found.changing:",
            "if not found.days:",
            "test_a_change_that_moves_no_verdict_is_saved_at_once",
        ),
        (
            "return effect if contents == _contents(request, of) else None",
            "return effect",
            "test_another_content_than_the_one_shown_is_shown_anew",
        ),
        (
            "            transaction.set_rollback(True)\n    if merged:\n        return None",
            "            pass\n    if merged:\n        return None",
            "test_what_somebody_else_changed_since_the_effect_was_shown_is_shown_and_asked_again",
        ),
    ),
    *of(
        "cadres/text.py",
        (
            "return all(word in folded for word in words)",
            "return any(word in folded for word in words)",
            "test_what_is_typed_without_diacritics_finds_each_word_wherever_it_stands",
        ),
    ),
    *of(
        "cadres/admin/foretold.py",
        (
            "return done_or_shown(request, page, ask, of=latest)",
            "return done_or_shown(request, page, ask)",
            "test_a_row_changed_since_is_not_deleted_unseen",
        ),
    ),
    *of(
        "cadres/admin/scoped.py",
        (
            "map(str, rows[:NAMED])",
            "map(str, rows)",
            "test_what_is_in_use_is_not_deleted_and_the_page_counts_what_uses_it_and_names_ten",
        ),
    ),
    *of(
        "cadres/admin/lists.py",
        (
            "{NOW: in_force(day), OVER",
            "{NOW: begun(day), OVER",
            "test_dated_rows_are_narrowed_to_those_of_the_day_of_the_page",
        ),
        ("OVER: ended(day)", "OVER: ~in_force(day)", "test_dated_rows_are_narrowed_to_those_of_the_day_of_the_page"),
        (
            "if word not in known and",
            "if False and",
            "test_each_admin_list_asks_few_questions_and_answers_wrong_addresses_plainly",
        ),
        (
            " and SavedView.NAME not in self.request.GET",
            "",
            "test_a_catalogue_is_kept_as_somebody_wants_it_by_who_may_open_it",
        ),
        ("return luc(value)", 'return f"{value:%d/%m/%Y %H:%M}"', "test_a_moment_is_told_by_the_clock_of_the_office"),
        (
            "visible_to(UnitVersion.objects.filter(kind__in=UnitVersion.BETWEEN_KINDS), account(request))",
            "UnitVersion.objects.filter(kind__in=UnitVersion.BETWEEN_KINDS)",
            "test_a_district_is_offered_and_told_no_other_unit",
        ),
        (
            'order = [Subquery(last.values("name")[:1])]',
            "order = [name]",
            "test_communes_sort_by_their_name_and_not_by_when_they_were_entered",
        ),
        (
            "if name in labels:",
            "if False:",
            "test_a_dictionary_names_the_fields_of_a_roster_and_not_their_codes",
        ),
    ),
    *of(
        "courses/classes/tabs.py",
        (
            "return self.training_class.state in BEFORE_ITS_END",
            "return True",
            "test_a_class_has_tabs_only_where_something_is_to_be_done_or_seen",
        ),
        (
            "return self.training_class.state in TrainingClass.AT_WORK",
            "return True",
            "test_a_class_has_tabs_only_where_something_is_to_be_done_or_seen",
        ),
        (
            'return known.takes_nominations and user.has_perm("courses.add_enrolment")',
            'return user.has_perm("courses.add_enrolment")',
            "test_a_class_has_tabs_only_where_something_is_to_be_done_or_seen",
        ),
        (
            "known.has_money or user",
            "user",
            "test_who_only_looks_is_led_to_what_there_is",
        ),
    ),
    *of(
        "cadres/models/qualifications.py",
        (
            "return self.level.rank == 0",
            "return False",
            "test_what_says_that_there_is_none_yet_is_no_diploma_and_is_not_taken_back",
        ),
    ),
    *of(
        "cadres/views/official_changes.py",
        (
            "if qualification.says_none:",
            "if False:",
            "test_what_says_that_there_is_none_yet_is_no_diploma_and_is_not_taken_back",
        ),
    ),
    *of(
        "cadres/admin/catalogues.py",
        (
            "rows = CatalogueList(self, request).found",
            "rows = self.get_queryset(request)",
            "test_a_table_to_be_read_in_again_holds_only_the_rows_of_the_list",
        ),
        (
            'is_as_shown = _digest(result) == kept["shown"]',
            "is_as_shown = True",
            "test_a_table_that_has_become_another_since_it_was_shown_is_shown_again",
        ),
    ),
    *of(
        "cadres/effect/trying.py",
        (
            "        criterion = Criterion.objects.filter(pk=criterion.pk).first() or criterion\n",
            "",
            "test_what_counts_for_a_criterion_is_told_by_that_criterion",
        ),
    ),
    *of(
        "cadres/forms.py",
        (
            "if day < self.latest:",
            "if False:",
            "test_the_day_of_a_demonstration_is_moved_on_up_to_the_clock_and_who_looks_at_today_goes_along",
        ),
        (
            "if day > max(self.clock, self.latest):",
            "if False:",
            "test_the_day_of_a_demonstration_is_moved_on_up_to_the_clock_and_who_looks_at_today_goes_along",
        ),
    ),
    *of(
        "cadres/views/default_day.py",
        (
            "day = now if day == today else day",
            "day = day",
            "test_the_day_of_a_demonstration_is_moved_on_up_to_the_clock_and_who_looks_at_today_goes_along",
        ),
    ),
    *of(
        "reports/views/home.py",
        (
            'in (chosen, "district", "commune") if',
            'in ("district", "commune") if',
            "test_the_home_page_of_a_day_without_districts_is_by_commune_and_by_cluster_once_there_are_some",
        ),
    ),
    *of(
        "reports/publications/reading.py",
        (
            "rates.get(place.code, NOBODY) + commune.rate",
            "commune.rate",
            "test_it_is_told_in_the_units_of_another_day_as_it_was_published",
        ),
    ),
    *of(
        "reports/publications/selection.py",
        (
            'above=name == "huyen")',
            "above=True)",
            "test_it_is_told_in_the_units_of_another_day_as_it_was_published",
        ),
    ),
    *of(
        "cadres/web/place_filters.py",
        (
            "return self.former.units_in([code]) if code else",
            "return",
            "test_lists_of_a_day_without_districts_are_narrowed_to_a_former_district",
        ),
        (
            "if title == TITLES[UnitVersion.Kind.PROVINCE]:",
            "if False:",
            "test_lists_of_a_day_without_districts_are_narrowed_to_a_former_district",
        ),
        (
            "found = {*chosen, *places.units_in(places.within(chosen))}",
            "found = {*chosen}",
            "test_what_has_a_day_of_its_own_is_found_by_the_former_district_of_either_era",
        ),
        (
            "found |= former.units",
            "pass",
            "test_a_class_held_by_the_district_itself_is_of_the_former_district_and_of_no_commune_of_it",
        ),
        (
            'if not self.cleaned_data["xa"]:',
            "if True:",
            "test_a_class_held_by_the_district_itself_is_of_the_former_district_and_of_no_commune_of_it",
        ),
    ),
    *of(
        "courses/needs/asked.py",
        (
            "found &= ~Q(position__in=self.left_to_the_standard)",
            "pass",
            "test_what_the_standard_asks_itself_is_left_to_it",
        ),
        (
            "min(asked.minimum.rank, (asked.minimum_relaxed or asked.minimum).rank)",
            "asked.minimum.rank",
            "test_what_the_standard_asks_itself_is_left_to_it",
        ),
        (
            "led_to(day) if closing.led is None else closing.led",
            "closing.led or ()",
            "test_who_studies_it_is_not_asked_but_told_among_those_who_study",
        ),
        (
            "(one.studying if studying else ~one.studying)",
            "Q()",
            "test_who_studies_it_is_not_asked_but_told_among_those_who_study",
        ),
        (
            "if one.positions is None or one.positions & positions]",
            "if one.positions is None]",
            "test_the_page_of_a_person_tells_what_is_asked_beside_the_standard",
        ),
        (
            'found &= Q(**{f"{self.done_on}__gte": F("held_since")})',
            "pass",
            "test_who_has_a_new_position_studies_for_it_anew_where_the_rule_says_so",
        ),
        (
            "done_on__gt=add_months",
            "done_on__gte=add_months",
            "test_what_was_done_longer_ago_than_the_rule_allows_is_asked_again",
        ),
        (
            '__gte": F("held_since")',
            '__gt": F("held_since")',
            "test_who_has_a_new_position_studies_for_it_anew_where_the_rule_says_so",
        ),
        (
            "same &= Q(of_programme=None) | Q(of_programme=rule.programme.pk)",
            "pass",
            "test_what_another_programme_gave_is_not_this_one_but_a_record_of_a_roster_is",
        ),
        (
            "due < self.day",
            "due <= self.day",
            "test_the_day_by_which_it_has_to_be_done_counts_from_the_first_day_in_the_position",
        ),
        (
            "frozenset(named or targets)",
            "frozenset(targets or named)",
            "test_the_positions_of_the_rule_go_before_those_of_the_programme",
        ),
    ),
    *of(
        "courses/needs/openings.py",
        (
            "if not own or not done.issuperset(own):",
            "if True:",
            "test_who_has_finished_a_module_is_told_so_and_offered_no_class_of_it",
        ),
    ),
    *of(
        "courses/needs/views/computed.py",
        (
            '"huyen_cu", "xa", "khu_vuc", "chuc_danh")',
            '"xa", "khu_vuc", "chuc_danh")',
            "test_lists_of_a_day_without_districts_are_narrowed_to_a_former_district",
        ),
    ),
    *of(
        "cadres/installation.py",
        (
            "return now, row.default_day or now",
            "return now, now",
            "test_no_roster_moves_the_day_of_anybody",
        ),
    ),
    *of(
        "cadres/web/day.py",
        (
            "return max(working_day(request), today_of(request))",
            "return max(working_day(request), _days(request)[1])",
            "test_a_default_day_behind_today_opens_no_deadline_again",
        ),
        (
            'by_code.get(request.COOKIES.get(CRITERION, ""))',
            'by_code.get("")',
            "test_what_was_picked_holds_for_the_session_and_no_longer",
        ),
    ),
    *of(
        "cadres/posts.py",
        (
            'there = in_force(day) & in_force(day, "position__") & in_force(day, "unit__versions__")',
            "there = in_force(day)",
            "test_a_day_without_data_says_so_and_leads_to_the_nearest",
        ),
    ),
    *of(
        "cadres/views/selection.py",
        (
            "for key in beside if by_key[key].verdict is None}",
            "for key in beside if by_key[key].verdict is not None}",
            "test_the_list_says_why_it_counts_more_than_the_rate",
        ),
        (
            "retires_on__range=(self.day,",
            "retires_on__range=(add_months(self.day, -1),",
            "test_who_retires_is_found_up_to_the_last_day_of_the_months_to_come",
        ),
        (
            "            if not self.cleaned_data[name]:\n                field: Any",
            "            if self.cleaned_data[name]:\n                field: Any",
            "test_filters_offer_only_what_somebody_of_those_shown_has",
        ),
    ),
    *of(
        "cadres/roster/long_work.py",
        (
            "for slot in range(settings.ROSTERS_AT_ONCE):",
            "for slot in range(8):",
            "test_many_large_files_are_read_in_turn_a_few_at_a_time_each_with_its_place",
        ),
        (
            "return Work(State.STOPPED, progress) if is_left else None",
            "return Work(State.RUNNING, progress) if is_left else None",
            "test_a_killed_reading_is_told_at_once_and_those_behind_it_go_on",
        ),
        (
            "    _start_process()\n\n\ndef _waiting",
            "    pass\n\n\ndef _waiting",
            "test_where_every_process_was_killed_who_looks_at_what_waits_starts_one",
        ),
    ),
    *of(
        "cadres/roster/markup_reader.py",
        (
            "if ENTITY.search(text):",
            "if False:",
            "test_what_is_no_table_is_refused_in_one_line_that_says_what_to_do",
        ),
        (
            'is_hidden=bool(NOT_DISPLAYED.search(attributes.get("style", "")))',
            "is_hidden=False",
            "test_spans_of_a_web_page_are_merged_cells_and_hidden_rows_are_hidden",
        ),
    ),
    *of(
        "cadres/roster/archives.py",
        (
            "if member.flag_bits & FLAG_ENCRYPTED:",
            "if False:",
            "test_what_cannot_be_read_is_told_and_stops_no_other",
        ),
    ),
    *of(
        "cadres/roster/stray_cells.py",
        (
            "if behind > MOST:",
            "if behind > 0:",
            "test_a_stray_cell_in_the_far_corner_is_named_with_what_to_do",
        ),
    ),
    *of(
        "cadres/roster/seats.py",
        (
            "(key, unit, position) not in left",
            "True",
            "test_an_alarm_is_raised_only_where_the_file_brings_a_second_holder",
        ),
        (
            "and key not in self.ended",
            "",
            "test_the_one_who_held_the_post_ends_it_by_one_answer_and_nobody_else_does",
        ),
        (
            "if after[unit] > before[unit]",
            "",
            "test_an_alarm_is_raised_where_the_file_brings_a_commune_over_the_quota_of_its_class",
        ),
        (
            "and (unit, position) not in there",
            "",
            "test_two_in_a_post_of_a_first_roster_are_no_alarm_and_the_same_again_is_none",
        ),
    ),
    *of(
        "cadres/roster/answers.py",
        (
            "return posts if scope == Scope.FULL else",
            "return posts if True else",
            "test_a_list_of_one_group_takes_the_place_of_that_group_alone",
        ),
        (
            ", unit__in=named",
            "",
            "test_where_a_commune_is_not_named_in_the_file_nobody_of_it_is_replaced",
        ),
        (
            "batch = compare_again(batch, by=by)",
            "pass",
            "test_an_answer_takes_away_what_was_told_before_it",
        ),
    ),
    *of(
        "cadres/roster/foretelling.py",
        (
            "if end >= min(first, batch.as_of)",
            "if end > batch.as_of",
            "test_what_is_told_before_a_roster_is_written_is_what_is_there_after",
        ),
    ),
    *of(
        "cadres/roster/turnover.py",
        (
            "for group in GROUPS[scope] if known[unit, group]]",
            "for group in GROUPS[scope]]",
            "test_a_first_roster_of_a_group_raises_no_alarm",
        ),
        (
            "last_day if last_day > day else None",
            "None",
            "test_an_earlier_year_loaded_after_a_later_one_is_told_and_raises_no_alarm",
        ),
    ),
    *of(
        "cadres/roster/alarms.py",
        (
            "count * 100 > of * MANY_PERCENT",
            "count * 100 >= of * MANY_PERCENT",
            "test_an_alarm_is_raised_from_more_than_three_in_ten_people_on",
        ),
        (
            "plan.scope != Scope.SOME and not commune.later",
            "not commune.later",
            "test_the_scope_says_of_whom_it_means_something_that_they_are_not_in_the_list",
        ),
    ),
    *of(
        "cadres/roster/confirmations.py",
        (
            " or not self._higher[entry].isdisjoint(held)",
            "",
            "test_only_a_row_that_says_nothing_new_in_any_field_is_told_to_say_nothing_new",
        ),
    ),
    *of(
        "cadres/roster/batch.py",
        (
            "if not has_something_to_write(batch, batch.summary):",
            "if False:",
            "test_where_every_row_is_rejected_there_is_nothing_to_confirm",
        ),
    ),
    *of(
        "cadres/history/parts.py",
        (
            "if people is None:",
            "if True:",
            "test_the_history_of_a_class_tells_a_district_of_its_own_people_only",
        ),
        (
            "beginning += _there_already(",
            "beginning += () and _there_already(",
            "test_everything_about_a_person_is_there_parts_too_of_what_was_there_before_any_history",
        ),
    ),
    *of(
        "cadres/history/tables.py",
        (
            "model is not None and model._meta.label_lower in TABLE",
            "model is not None and table not in recorded()",
            "test_what_a_class_cost_is_told_to_nobody_who_may_not_see_it",
        ),
    ),
    *of(
        "cadres/history/pages.py",
        (
            "_seen_by(user, subject, until) if people is None else Seen(people)",
            "Seen(people)",
            "test_the_history_of_a_class_tells_a_district_of_its_own_people_only",
        ),
    ),
    *of(
        "cadres/history/words.py",
        (
            "if self.field in HOLDING_FIELDS:",
            "if False:",
            "test_the_history_of_a_dictionary_names_the_field_of_a_roster_and_not_its_code",
        ),
        (
            "and column.differs(self.before, self.after)",
            "",
            "test_only_what_differs_is_told_by_the_names_of_the_fields",
        ),
        (
            "return not field.editable and",
            "return False and",
            "test_so_finds_the_name_that_a_district_changed_with_who_when_and_why",
        ),
    ),
    *of(
        "cadres/history/acts.py",
        (
            "contents.people or contents.groups[0][2] == 1",
            "True",
            "test_a_line_is_called_after_one_row_or_one_person_and_else_counts",
        ),
    ),
    *of(
        "cadres/views/history.py",
        ("+ timedelta(days=1)", "", "test_the_log_is_searched_by_person_account_day_and_kind"),
    ),
    *of(
        "cadres/verdict.sql",
        (
            "coalesce(commune.cluster_id, commune.parent_id) AS district_id",
            "commune.parent_id AS district_id",
            "test_the_unit_above_is_the_cluster_while_a_commune_is_in_one_and_else_the_province",
        ),
        (
            "FROM cadres_requirement AS line WHERE {line in force}",
            "FROM cadres_requirement AS line WHERE true",
            "test_an_amended_requirement_asks_in_its_own_period_and_the_others_before_and_after",
        ),
        (
            "OR rules.id IS NOT NULL  -- if local",
            "",
            "test_local_rules_say_instead_of_their_standard_or_besides_while_they_are_in_force",
        ),
        (
            "ORDER BY 1, 2, 3, rules.id  -- if local",
            "ORDER BY 1, 2, 3, rules.id DESC  -- if local",
            "test_local_rules_say_instead_of_their_standard_or_besides_while_they_are_in_force",
        ),
        (
            "ORDER BY rank)::bigint AS proves",
            "ORDER BY rank DESC)::bigint AS proves",
            "test_level_held_against_the_minimum",
        ),
        ("WHERE day <= %(day)s", "WHERE day < %(day)s", "test_post_counts_from_the_first_roster_of_its_commune"),
        (
            "ON proof.official_id = post.official_id  -- if all",
            "ON true  -- if all",
            "test_supposed_rows_have_the_effect_of_written_ones",
        ),
        (
            "{commune in force} AND commune.unit_id IN (SELECT unit_id FROM begun)",
            "{commune in force}",
            "test_post_in_a_commune_without_data_does_not_count",
        ),
        ("WHERE {commune in force} AND ", "WHERE ", "test_post_counts_while_its_unit_is_in_force"),
        (
            "WHERE appointment.is_primary AND {appointment in force}",
            "WHERE {appointment in force}",
            "test_concurrent_post_does_not_count",
        ),
        (
            "position.id = held_post.position_id AND {position in force}",
            "position.id = held_post.position_id",
            "test_post_counts_while_its_position_is_in_force",
        ),
        (
            "coalesce(relaxation.is_relaxed, zone.zone IN (2, 3), false)",
            "coalesce(zone.zone IN (2, 3), relaxation.is_relaxed, false)",
            "test_decision_of_the_day_wins_over_the_zone",
        ),
        ("zone.zone IN (2, 3)", "zone.zone = 3", "test_zone_two_and_three_relax_while_the_zone_is_in_force"),
        (
            "zone.unit_id = commune.unit_id AND {zone in force}",
            "zone.unit_id = commune.unit_id AND zone.end_date IS NULL",
            "test_zone_two_and_three_relax_while_the_zone_is_in_force",
        ),
        ("demand.standard_id = standard.standard_id AND demand", "demand", "test_standard_judges_its_own_group_only"),
        (
            "{qualification in force} AND NOT qualification.is_error",
            "{qualification in force}",
            "test_record_corrected_as_an_error_never_counted",
        ),
        (
            "AS accepted WHERE {accepted in force}",
            "AS accepted",
            "test_field_of_study_rule_holds_while_a_row_of_it_is_in_force",
        ),
        ("WHERE {waived in force}", "", "test_waiver_exempts_while_it_is_in_force"),
        (
            "own.asked & ~own.reached & own.exempt AS exempt",
            "own.asked & own.exempt AS exempt",
            "test_who_meets_the_requirement_has_met_it_whatever_is_waived",
        ),
        (
            "~own.reached & ~own.exempt & own.known AS not_met",
            "~own.reached & own.known AS not_met",
            "test_waiver_exempts_while_it_is_in_force",
        ),
        (
            "THEN demand.relaxed ELSE demand.minimum",
            "THEN demand.minimum ELSE demand.relaxed",
            "test_zone_two_and_three_relax_while_the_zone_is_in_force",
        ),
        ("~(coalesce(by_field.unstated, 0) & demand.with_field)", "~0::bigint", "test_field_of_study_rule"),
        (
            "FILTER (WHERE field_key <> '' AND field = ANY (demand.fields))",
            "FILTER (WHERE field_key <> '')",
            "test_field_of_study_rule",
        ),
        (
            "coalesce(proof.held & ~demand.with_field, 0) | ",
            "",
            "test_position_without_a_rule_is_judged_by_level_alone",
        ),
        (
            " WHERE dimension_id = ANY (%(counted)s)",
            "",
            "test_criterion_counts_its_own_dimensions_and_shows_the_others",
        ),
        (
            "WHEN unknown & (SELECT levels FROM counted) <> 0 THEN 'undetermined'",
            "WHEN false THEN 'undetermined'",
            "test_level_held_against_the_minimum",
        ),
        (
            "transition_until >= %(day)s",
            "transition_until > %(day)s",
            "test_transition_lasts_from_the_standards_first_day_to_its_last",
        ),
        (
            " AND standard_start <= %(day)s\n",
            "\n",
            "test_nobody_is_in_transition_under_a_named_standard_that_has_not_begun",
        ),
        (
            "overall.standard_start - 1",
            "overall.standard_start",
            "test_transition_is_for_those_who_served_before_the_standard_began",
        ),
        (" AND served.is_primary AND", " AND", "test_a_concurrent_post_of_the_group_does_not_count_for_the_transition"),
        (
            'AND position."group" = overall.position_group)',
            ")",
            "test_time_in_the_other_group_does_not_count_for_the_transition",
        ),
        (" AND NOT served.is_error", "", "test_a_post_entered_in_error_is_no_time_served_before_the_standard"),
        (" AND NOT appointment.is_error", "", "test_a_post_entered_in_error_counts_on_no_day"),
        ("-- if data\n", "-- if posts\n", "test_a_post_corrected_into_a_commune_without_data_counts_nowhere"),
        (
            "        AND qualification.id <> ALL (%(gone_records)s)  -- if gone_records\n",
            "",
            "test_a_record_supposed_gone_proves_nothing",
        ),
        (
            "        AND appointment.official_id NOT IN (SELECT official_id FROM supposed_post)  -- if posts\n",
            "",
            "test_a_supposed_post_stands_in_the_place_of_the_own_also_where_data_have_not_begun",
        ),
    ),
    *of(
        "cadres/standards/checking.py",
        (
            '        position__group=F("standard__position_group"),\n',
            "",
            "test_what_counts_on_a_day_is_what_its_texts_and_local_rules_ask_of_the_posts_of_their_group",
        ),
        (
            '        Q(standard__over=None) | Q(standard__over__in=texts.values("pk")),\n',
            "",
            "test_what_counts_on_a_day_is_what_its_texts_and_local_rules_ask_of_the_posts_of_their_group",
        ),
        (
            "checked.count(None)",
            "checked.count('')",
            "test_lines_are_said_to_be_compared_in_bulk_with_what_was_read_and_by_whom",
        ),
        (
            "AcceptedField.objects.as_of(day).filter(dimension__code=DEGREES)",
            "AcceptedField.objects.none()",
            "test_that_no_field_of_study_is_named_for_a_post_is_said_beside_its_verdict",
        ),
        (
            "said.filter(dimension__in=dimensions, position",
            "said.filter(position",
            "test_who_met_the_text_of_the_last_day_is_judged_by_the_next_on_the_first",
        ),
    ),
    *of(
        "cadres/reference_data.py",
        (
            "and not _is_judged(",
            "or _is_judged(",
            "test_a_text_of_the_provinces_own_is_not_joined_by_ours",
        ),
        (
            '                article="",\n                source="",\n                checked_at=None,\n',
            "",
            "test_where_the_lines_of_the_law_stand_is_told_to_an_installation_that_has_them_and_its_own_words_stay",
        ),
        (
            '                minimum=levels[row["dimension"], row["minimum_level"]],\n'
            '                minimum_relaxed=levels[row["dimension"], row["minimum_level_relaxed"]],\n'
            '                article="",\n',
            '                dimension__code=row["dimension"],\n                article="",\n',
            "test_where_the_lines_of_the_law_stand_is_told_to_an_installation_that_has_them_and_its_own_words_stay",
        ),
    ),
    *of(
        "cadres/standards/changing.py",
        (
            "now.end_date = day - A_DAY",
            "now.end_date = day",
            "test_an_amendment_changes_nothing_until_it_is_carried_out_and_then_from_its_day_on",
        ),
        (
            "        if now and now.end_date:\n            later.append(now.end_date + A_DAY)\n",
            "",
            "test_an_amendment_overlaps_a_later_one_that_drops_the_cell",
        ),
        (
            "elif now and now.start_date == day:",
            "elif False:",
            "test_an_amendment_that_overlaps_another_is_refused",
        ),
        (
            "if text.known_start and not text.begins_before(day):",
            "if text.known_start and not text.has_begun(day):",
            "test_an_amendment_lies_within_its_text",
        ),
        (
            "if text.has_ended(day):",
            "if text.has_ended(day - A_DAY):",
            "test_an_amendment_lies_within_its_text",
        ),
        (
            "if change.made_by_id == by.pk and needs_second(change):",
            "if False:",
            "test_what_moves_a_published_figure_waits_for_a_second_account",
        ),
        (
            ".exclude(made_by=user.pk)",
            "",
            "test_what_moves_a_published_figure_waits_for_a_second_account",
        ),
        (
            "if change.is_alone and not answer.strip():",
            "if False:",
            "test_where_nobody_else_could_confirm_it_goes_with_a_reason_and_is_marked_so",
        ),
        (
            "published_at__gt=change.made_at",
            "published_at__lt=change.made_at",
            "test_a_figure_published_meanwhile_has_to_be_looked_at_first",
        ),
        (
            "filter(day__gte=since or UNKNOWN_START)",
            "filter(day__gt=since or UNKNOWN_START)",
            "test_an_amendment_after_the_published_day_needs_no_second_account",
        ),
        (
            "rates = units.get(publication.unit_id, (NOBODY, NOBODY))",
            "rates = units.get(publication.unit_id, rates)",
            "test_only_a_published_figure_of_a_unit_that_is_concerned_has_to_be_confirmed",
        ),
        (
            "            old.end_date = start - A_DAY",
            "            old.end_date = start",
            "test_a_copy_follows_the_old_text_which_ends_the_day_before",
        ),
        (
            "now.checked_by = now.checked_at = None",
            "pass",
            "test_a_correction_changes_what_was_as_it_always_was_and_names_whom_it_moves",
        ),
    ),
    *of(
        "cadres/history/taking_back.py",
        (
            "if any(former.table in LAW for former in formers):",
            "if False:",
            "test_the_log_takes_no_change_of_a_text_back_past_its_page",
        ),
    ),
    *of(
        "cadres/reference_data.py",
        (
            'if row["standard"] in new:',
            'if new.setdefault(row["standard"], Standard.objects.get(code=row["standard"])):',
            "test_what_the_province_has_changed_in_a_text_does_not_come_back_with_the_next_setup",
        ),
    ),
    *of(
        "cadres/evaluation.py",
        ("if not named or dimension in named", "if dimension in named", "test_level_held_against_the_minimum"),
        (
            "for row in self.asked.get(key, ()) if row.is_in_force(day)}",
            "for row in self.asked.get(key, ())}",
            "test_a_dimension_is_asked_for_only_while_a_requirement_in_it_is_in_force",
        ),
        (
            "key=lambda row: row.standard_id != base[row.standard_id])",
            "key=lambda row: row.standard_id == base[row.standard_id])",
            "test_local_rules_say_instead_of_their_standard_or_besides_while_they_are_in_force",
        ),
        (
            "_valid_requirements().as_of(day).filter(",
            "_valid_requirements().filter(",
            "test_an_amended_requirement_asks_in_its_own_period_and_the_others_before_and_after",
        ),
        (
            "(-record.level.rank, record.start_date, record.pk or 0)",
            "(-record.level.rank, -record.start_date.toordinal(), record.pk or 0)",
            "test_of_two_records_of_the_level_the_earlier_is_the_evidence",
        ),
        (
            "if rule and verdict == DimensionVerdict.MET:",
            "if False:",
            "test_evidence_of_a_field_rule_is_the_record_that_fits",
        ),
        ("if not row.is_error:", "if True:", "test_a_supposed_record_entered_in_error_does_not_count"),
        ("birth_date__gt=_years_before", "birth_date__gte=_years_before", "test_age_band_by_full_years_on_the_day"),
    ),
    *of(
        "cadres/posts.py",
        (
            "[end for end in ends if end <= until]",
            "list(ends)",
            "test_the_year_ends_with_data_go_from_the_first_roster_to_the_year_of_the_last",
        ),
        (", unit__in=data_begun(day)", "", "test_nobody_is_left_behind_before_the_data_of_the_commune_begin"),
        (
            'begun_after(OuterRef("end_date")).begun_by(day)',
            "begun_by(day)",
            "test_a_post_is_left_for_good_until_another_begins",
        ),
        (
            'begun_after(OuterRef("end_date")).begun_by(day)',
            'begun_after(OuterRef("end_date"))',
            "test_a_post_is_left_for_good_until_another_begins",
        ),
        (
            "~Exists(unit_in_force) & Exists(unit_before)",
            "Exists(unit_before)",
            "test_a_unit_that_goes_on_under_another_name_leaves_nobody_behind",
        ),
        (
            "(2, 1) if then_later else (1, 2)",
            "(1, 2)",
            "test_of_several_posts_one_says_where_somebody_belongs_on_the_day",
        ),
        (
            'the_next_on, "-start_date")',
            'the_next_on, "start_date")',
            "test_of_several_posts_one_says_where_somebody_belongs_on_the_day",
        ),
    ),
    *of(
        "cadres/periods.py",
        ('end_date__gte": day}', 'end_date__gt": day}', "test_period_covers_its_first_and_last_day"),
        ('end_date__gte": start}', 'end_date__gt": start}', "test_periods_overlap_where_they_share_a_day"),
        (
            "and since <= end < until)",
            "and since < end < until)",
            "test_whatever_begins_or_has_ended_on_a_day_concerns_its_person_or_everybody",
        ),
        (
            "Q(start_date__gt=day) | Q(end_date__gte=day)",
            "Q(start_date__gt=day) | Q(end_date__gt=day)",
            "test_whatever_begins_or_has_ended_on_a_day_concerns_its_person_or_everybody",
        ),
        (
            "RangeBoundary(True, True)",
            "RangeBoundary(True, False)",
            "test_overlap_is_impossible_and_adjacent_periods_are_not",
        ),
        (
            "(end >= add_months(start, months))",
            "(end > add_months(start, months))",
            "test_the_time_to_serve_is_a_multiple_of_the_time_of_study",
        ),
        ("min(awarded.last_day, as_of)", "awarded.last_day", "test_first_day_on_which_a_record_counts"),
        (
            "self.last_day < other.first_day",
            "self.last_day <= other.first_day",
            "test_partial_dates_contradict_where_no_day_can_be_meant_by_both",
        ),
    ),
    *of(
        "cadres/registry/writing.py",
        ("day < official.birth.first_day", "day <= official.birth.first_day", "test_nothing_is_held_before_birth"),
        (
            "UNKNOWN_START < day <",
            "day <",
            "test_a_post_whose_first_day_is_not_known_is_held_by_somebody_born_whenever",
        ),
        (
            ".as_of(start_date).begun_before(start_date)",
            ".as_of(start_date)",
            "test_two_identity_numbers_from_one_day_are_refused",
        ),
        (
            "primary_posts(before, official.appointments.all())",
            "official.appointments.as_of(before)",
            "test_a_concurrent_post_is_not_the_one_that_a_transfer_ends",
        ),
        (
            "before = start_date - timedelta(days=1)",
            "before = start_date",
            "test_transfer_ends_one_post_and_opens_another",
        ),
        ("decision or appointment.decision", "decision", "test_the_decision_of_a_post_stays_until_its_end_has_one"),
        (
            "not qualification.begins_before(on)",
            "qualification.start_date > on",
            "test_revoking_needs_a_reason_and_a_day_after_it_began",
        ),
        (
            "        row.full_clean()  # all that stands against it, in words\n",
            "",
            "test_two_primary_posts_on_a_day_are_refused_and_a_concurrent_one_is_not",
        ),
        (
            "        row.full_clean(exclude=there, validate_constraints=False)\n",
            "",
            "test_a_waiver_without_a_decision_is_refused_though_no_constraint_asks_for_one",
        ),
        (
            "row.full_clean(exclude=there, validate_constraints=False)",
            "row.full_clean(validate_constraints=False)",
            "test_what_is_in_hand_is_not_asked_for_and_what_is_named_by_its_key_is",
        ),
        (
            "isinstance(field, models.ForeignKey) and field.is_cached(row)",
            "isinstance(field, models.ForeignKey)",
            "test_what_is_in_hand_is_not_asked_for_and_what_is_named_by_its_key_is",
        ),
    ),
    *of(
        "cadres/models/officials.py",
        ("get_queryset().filter(is_error=False)", "get_queryset()", "test_a_post_entered_in_error_counts_on_no_day"),
    ),
    *of(
        "cadres/registry/corrections.py",
        (
            "    _refuse_where_not_there(appointment)\n",
            "",
            "test_a_post_lies_within_the_life_of_its_unit",
        ),
        (
            "    _refuse_ended(before, appointment.start_date)\n",
            "",
            "test_nobody_is_put_back_into_a_unit_that_has_ended",
        ),
        (
            "given.exclude(before__end_date=end)",
            "given.none()",
            "test_the_post_before_gets_back_the_end_that_it_had",
        ),
        ("== (last_day, reason)", "[0] == last_day", "test_what_no_transfer_opened_cannot_be_taken_back_as_one"),
    ),
    *of(
        "cadres/effect/supposing.py",
        (
            "if units is None or key in units",
            "if True",
            "test_an_officer_is_told_the_rates_of_the_own_units_only",
        ),
    ),
    *of(
        "cadres/effect/trying.py",
        ("            raise _TriedError\n", "", "test_nothing_of_an_act_that_was_tried_stays_written"),
        ("connection.check_constraints()", "pass", "test_what_the_database_would_refuse_at_the_end_is_refused_here"),
        (
            "if key in lasting else None",
            "",
            "test_somebody_whom_the_act_makes_or_takes_out_is_named_without_an_address",
        ),
        ("if named.units[key][2] or key in concerned", "", "test_of_a_scope_only_its_own_people_and_units_are_told"),
        ("bool(self.moved_in_all or", "bool(True or", "test_only_the_days_that_it_changes_are_told_as_changing"),
    ),
    *of(
        "cadres/registry/bulk.py",
        (
            'return not moved and (old["is_primary"] or not row.is_primary)',
            "return not moved",
            "test_rosters_of_one_day_may_exchange_the_primary_and_the_concurrent_post_and_back",
        ),
        (
            ' not row.lies_within(old["start_date"], old["end_date"])',
            ' row.begins_before(old["start_date"])',
            "test_undoing_a_roster_between_two_gives_its_days_back_to_the_post_before",
        ),
        (
            "filter(official_id__in=changed, batch=batch)",
            "filter(official_id__in=changed)",
            "test_undoing_a_second_import_restores_what_was_before_it",
        ),
        (
            "filter(pk__in=created, batch=batch)",
            "filter(pk__in=created)",
            "test_undoing_a_first_import_leaves_an_empty_registry",
            "whom a batch created bears its key, and who does is all that undo hands on",
        ),
        (" and post.end_date != end_date", "", "test_whose_posts_are_ended_holds_none_after_the_last_day"),
    ),
    *of(
        "cadres/roster/titles.py",
        (
            "return min((code for code in named",
            "return max((code for code in named",
            "test_a_level_written_below_another_is_the_one_written",
        ),
        (
            ' and "đ" in text.lower() and key not in self.with_bar',
            " and False",
            "test_titles_of_real_rosters_mean_what_people_mean_by_them",
        ),
        (
            "all(words == reading if is_all else words <= reading for",
            "all(words == reading for",
            "test_titles_of_real_rosters_mean_what_people_mean_by_them",
        ),
    ),
    *of(
        "cadres/roster/column_meanings.py",
        (
            "    if titles.subject_not_kept(path):",
            "    if False:",
            "test_titles_of_real_rosters_mean_what_people_mean_by_them",
        ),
        (
            "and (like := titles.like(path)) not in read",
            "and (like := titles.like(path))",
            "test_a_title_is_not_taken_for_a_field_that_another_column_has",
        ),
        ('name = "concurrent_position"', "name = name", "test_posts_over_several_columns_are_all_held"),
    ),
    *of(
        "cadres/roster/name_columns.py",
        (
            "if len(both) < len(pairs) / 2 or",
            "if",
            "test_what_stands_beside_whole_names_is_no_part_of_them",
        ),
        (
            "not (is_titled or _lack_given",
            "not (True or _lack_given",
            "test_whole_names_with_an_untitled_column_of_words_are_left_whole_and_the_column_is_asked_about",
        ),
    ),
    *of(
        "cadres/roster/needed_columns.py",
        ("if not (has_posts or", "if not (False or", "test_posts_in_group_rows_need_no_column"),
    ),
    *of(
        "cadres/roster/header.py",
        ("MIN_FIELDS = 3", "MIN_FIELDS = 2", "test_a_file_without_a_roster_is_refused_in_one_line"),
    ),
    *of(
        "cadres/roster/walk.py",
        (
            'startswith("cong") else self._counted',
            'startswith("tong") else self._counted',
            "test_layout_b_is_understood_person_by_person",
        ),
    ),
    *of(
        "cadres/roster/groups.py",
        (
            'return Group("commune", text, style=style)',
            "return None",
            "test_a_unit_that_is_not_understood_leaves_nobody_to_the_unit_above",
        ),
    ),
    *of(
        "cadres/roster/layout.py",
        (
            "layout.leavers.extend(walk.leavers)",
            "layout.rows.extend(walk.leavers)",
            "test_leavers_may_be_read_as_ends_of_their_posts",
        ),
    ),
    *of(
        "cadres/roster/not_people.py",
        (
            "and not NOT_YET_LEFT.search(fold(text))",
            "",
            "test_who_is_going_to_leave_has_not_left",
        ),
    ),
    *of(
        "cadres/roster/sheet_choices.py",
        (
            "if person.contradictions(stated):",
            "if False:",
            "test_a_leaver_of_another_birth_ends_nobodys_post",
        ),
    ),
    *of(
        "cadres/roster/unit_names.py",
        (
            "_marked(text) == _marked(unit.bare_name) for unit in named",
            "True for unit in named",
            "test_a_name_without_the_word_for_its_kind_must_have_its_marks_right",
        ),
    ),
    *of(
        "cadres/roster/tables.py",
        (
            'if "birth_date" in again or "national_id" in again:',
            "if False:",
            "test_a_row_with_another_birth_is_no_second_line",
        ),
        (
            "return is_evident and not below_footer",
            "return is_evident",
            "test_who_has_no_number_is_a_person_by_birth_but_not_below_the_signatures",
        ),
        (
            "any(map(str.isalpha, text)) and not COUNT.fullmatch(text)",
            "any(map(str.isalpha, text))",
            "test_a_unit_in_the_place_of_a_name_is_a_group_row_whatever_it_counts_where_posts_stand",
        ),
        (
            "return len(said) == 3 and all(",
            "return False and all(",
            "test_a_person_called_like_a_unit_is_one_where_a_number_or_a_post_in_a_commune_says_so",
        ),
    ),
    *of(
        "cadres/roster/sheet_titles.py",
        (
            "PartialDate(date(year, month, 1), Precision.MONTH).last_day",
            "date(year, month, 1)",
            "test_a_title_that_names_a_month_or_a_year_means_its_last_day",
        ),
    ),
    *of(
        "cadres/roster/dates.py",
        (
            "self.day.year - 1900 - year <= OLDEST",
            "self.day.year - 1900 - year < OLDEST",
            "test_a_birth_of_two_digits_is_of_somebody_at_most_ninety",
        ),
        (
            "<= self.day.year + 1 else",
            "<= self.day.year else",
            "test_any_other_date_of_two_digits_is_at_most_a_year_ahead",
        ),
        (
            "len(proofs) >= SEVERAL and",
            "",
            "test_a_file_is_month_first_where_several_dates_prove_it_and_fewer_the_contrary",
        ),
        (
            "and len(proofs) > contrary",
            "",
            "test_a_file_is_month_first_where_several_dates_prove_it_and_fewer_the_contrary",
        ),
        (
            "if (hour, minute) == (0, 0) or",
            "if",
            "test_a_date_is_read_as_far_as_it_is_known",
        ),
    ),
    *of(
        "cadres/roster/names.py",
        (
            "if len(parts) > 1 else VOWELS | CONSONANTS",
            "if False else VOWELS | CONSONANTS",
            "test_what_cannot_be_a_name_is_told_from_one",
        ),
        ('"À" <= after <= "Þ"', "False", "test_what_cannot_be_a_name_is_told_from_one"),
    ),
    *of(
        "cadres/roster/identifiers.py",
        ("if REPEATED.fullmatch(number):", "if False:", "test_a_repetition_or_a_sequence_is_nobodys_number"),
        ("RUN = 8", "RUN = 6", "test_a_number_is_not_invented_for_having_a_few_equal_digits"),
    ),
    *of(
        "cadres/roster/levels.py",
        (
            "if fold(rest).startswith(LOWER) and",
            "if False and",
            "test_levels_of_degrees_have_many_names_and_none_is_read_as_more_than_it_is",
        ),
        (
            "key in NEVER_ALONE or",
            "False or",
            "test_each_degree_of_a_cell_is_read",
        ),
        ("if cell.day == 10:", "if False:", "test_excel_dates_in_an_education_cell_are_grades"),
        ("if level.rank == 0:", "if False:", "test_none_with_something_beside_it_is_not_understood"),
    ),
    *of(
        "cadres/roster/dictionaries.py",
        (
            "another.posts = PositionReader(self.posts.posts)",
            "",
            "test_what_one_file_is_full_of_takes_nothing_from_the_next",
        ),
    ),
    *of(
        "cadres/roster/positions.py",
        (
            "lambda position: position.is_in_force(day)",
            "lambda position: position.has_begun(day)",
            "test_the_posts_of_the_commune_of_two_levels_are_understood_by_their_words",
        ),
        (
            "if start == len(words):",
            "if start >= len(words) - 1:",
            "test_what_is_no_post_of_a_commune_is_not_taken_for_one",
        ),
        (
            "if _marks(joined) == _marks(near) and",
            "if",
            "test_what_is_not_understood_is_suggested_where_it_resembles_a_post",
        ),
        (
            "or any(post.group == PositionGroup.NON_SPECIALIST for post in posts)",
            "",
            "test_what_is_no_post_of_a_commune_is_not_taken_for_one",
        ),
    ),
    *of(
        "cadres/roster/owners.py",
        (
            "widest = next((unit for unit in reversed(owners)",
            "widest = next((unit for unit in owners",
            "test_an_account_of_several_districts_decides_for_the_district_of_the_file",
        ),
        (
            "return len(owners) if owner is None",
            "return -1 if owner is None",
            "test_a_district_may_read_a_column_by_its_title_though_everybody_does_otherwise",
        ),
        (
            "if user is None or decides_for_everybody(user):\n        return None",
            "if user is None:\n        return None",
            "test_what_the_province_decides_holds_for_everybody",
        ),
    ),
    *of(
        "cadres/roster/declared.py",
        (
            "if row.owner_id is not None or not contradicts_own_title(",
            "if True or not contradicts_own_title(",
            "test_no_title_of_the_export_can_be_emptied_for_everybody",
        ),
        (
            "for column in exported(roster_columns())}",
            "for column in exported(roster_columns()) if column.label}",
            "test_a_column_of_a_dimension_of_data_is_read_by_its_title_whatever_was_decided_for_everybody",
        ),
    ),
    *of(
        "cadres/roster/rows.py",
        (
            "BETWEEN_LINES.get(name, BETWEEN_KIND[Kind.LEVEL])",
            'BETWEEN_LINES.get(name, "")',
            "test_a_second_line_in_the_column_of_a_dimension_of_data_says_a_further_level",
        ),
    ),
    *of(
        "cadres/roster/reading.py",
        (
            "with closing(_items(content, reader)) as found:",
            "for found in [_items(content, reader)]:",
            "test_nothing_goes_on_reading_a_file_that_was_refused_while_its_reason_is_kept",
        ),
    ),
    *of(
        "cadres/roster/proposals.py",
        (
            "read_batch(batch, by=batch.created_by)",
            "pass",
            "test_what_is_taken_back_is_read_again_where_staged_and_stays_where_written",
        ),
    ),
    *of(
        "cadres/roster/communes.py",
        (
            "if not named and (ended := self._ended(",
            "if False and (ended := self._ended(",
            "test_a_unit_that_has_ended_is_told_where_the_file_names_no_district",
        ),
    ),
    *of(
        "cadres/roster/values.py",
        ("mark <= 3", "mark <= 9", "test_a_citizen_number_tells_the_sex_of_those_born_up_to_2099"),
        (
            "if entry.rank > held:",
            "if entry.rank >= held:",
            "test_a_mark_takes_nothing_from_the_degree_written_beside_it",
        ),
        (
            "found.last_day < add_months(birth.first_day, 12 * PARTY_AGE)",
            "found.last_day <= add_months(birth.first_day, 12 * PARTY_AGE)",
            "test_a_date_that_can_be_true_on_one_day_at_least_is_written",
        ),
        (
            "stated.birth.first_day > self.day",
            "stated.birth.first_day >= self.day",
            "test_a_birth_on_the_day_of_the_roster_is_doubtful_and_not_refused",
        ),
    ),
    *of(
        "cadres/roster/matching.py",
        (
            " if key not in self.taken]",
            "]",
            "test_a_row_without_a_number_is_not_the_person_whom_a_number_gave_to_another_row",
        ),
        (
            " and birth and held == birth and held.precision == Precision.DAY",
            " and birth and held == birth",
            "test_of_name_sakes_born_in_one_year_only_who_belongs_to_the_commune_may_be_the_same",
        ),
        (
            "key=lambda match: not match.stated.identifier",
            "key=lambda match: 0",
            "test_of_two_equal_rows_the_one_without_a_number_is_in_question",
        ),
        (
            "len(exact) != 1",
            "len(exact) < 1",
            "test_two_rows_with_numbers_of_their_own_are_not_both_the_one_person_who_is_known",
        ),
        (
            "        elif match.contradictions:",
            "        elif False:",
            "test_a_number_whose_name_birth_or_sex_is_contradicted_is_a_question_and_nothing_is_written",
        ),
        (
            "if self.sex and stated.sex and self.sex != stated.sex:",
            "if self.sex != stated.sex:",
            "test_a_number_with_facts_that_contradict_nothing_is_that_person_unchanged",
        ),
        (
            "bool(person.sex and stated.sex and person.sex != stated.sex)",
            "bool(person.sex != stated.sex)",
            "test_facts_that_a_file_does_not_state_contradict_nothing",
        ),
        (
            "        self._hold_back_near_names(open_rows)\n",
            "",
            "test_nearly_the_same_name_with_the_same_birth_in_the_commune_is_a_question",
        ),
        (
            "            if person.id not in in_rows:\n",
            "            if True:\n",
            "test_who_stands_in_the_file_beside_the_near_name_is_no_question",
        ),
    ),
    *of(
        "cadres/roster/statements.py",
        (
            " if value or value is False}",
            " if value}",
            "test_who_is_said_to_be_no_member_is_none_after_a_preview_too",
        ),
    ),
    *of(
        "cadres/roster/alarms.py",
        (
            "count * 2 > of\n",
            "count * 2 >= of\n",
            "test_an_alarm_is_raised_where_most_people_of_a_file_get_another_name_or_birth",
        ),
        (
            "return of >= FEWEST and count * 2",
            "return count * 2",
            "test_an_alarm_is_raised_where_most_people_of_a_file_get_another_name_or_birth",
        ),
        (
            'for name in ("code", "unit", "count", "of")',
            'for name in ("code", "unit")',
            "test_what_was_accepted_is_not_what_has_grown_since",
        ),
    ),
    *of(
        "cadres/roster/batch.py",
        (
            'if not accepts_alarms and unaccepted(alarms, batch.summary.get("accepted_alarms", ())):',
            "if False:",
            "test_a_staged_file_with_alarms_is_written_only_once_each_kind_was_accepted",
        ),
        (
            "    if not accepts_alarms and alarms_of(plan, of_file):\n",
            "    if False:\n",
            "test_with_alarms_nothing_is_written_unless_they_are_accepted",
        ),
    ),
    *of(
        "cadres/roster/changes.py",
        (
            "        if not self.takes_name:\n",
            "        if False:\n",
            "test_a_name_that_differs_in_marks_is_proposed_and_not_written_unless_accepted",
        ),
        (
            "elif attested > self.day:",
            "elif attested >= self.day:",
            "test_of_two_kinds_of_number_on_one_day_the_newer_kind_is_in_force",
        ),
        (
            "if held is not None and self.person.later_rosters is not None:",
            "if False:",
            "test_what_a_later_roster_said_of_an_appointment_is_not_taken_back_by_an_earlier_one",
        ),
        (
            "held is None or _fineness(value) >= _fineness(held)",
            "True",
            "test_a_date_is_not_replaced_by_a_coarser_one_that_contradicts_it",
        ),
        ("entry.rank < rank", "entry.rank <= rank", "test_a_second_degree_of_the_same_level_is_a_record_of_its_own"),
        (
            "                and record.awarded_on is None\n",
            "",
            "test_only_a_level_that_a_later_roster_brought_without_a_date_is_moved_back",
        ),
        (
            "                and record.origin == Qualification.Origin.ROSTER\n",
            "",
            "test_only_a_level_that_a_later_roster_brought_without_a_date_is_moved_back",
        ),
        (
            "appointed.first_day <= self.day",
            "appointed.first_day < self.day",
            "test_a_post_starts_on_its_appointment_date_where_that_is_known_to_the_day",
            "on the day itself both branches give that day",
        ),
    ),
    *of(
        "cadres/roster/people.py",
        (
            "            batch__state=ImportBatch.State.COMMITTED,\n",
            "",
            "test_an_import_that_was_undone_is_no_later_roster",
        ),
        (
            "filter(**of_them, is_error=False)",
            "filter(**of_them)",
            "test_a_level_that_was_an_error_is_none_to_a_later_roster",
        ),
        (
            "then_later=True",
            "then_later=False",
            "test_of_several_posts_one_says_where_somebody_belongs_on_the_day",
        ),
    ),
    *of(
        "cadres/roster/plan.py",
        (" and unit in communes\n", "\n", "test_a_row_in_question_sets_no_zone"),
        (
            "        present.update(match.resembles)\n",
            "",
            "test_another_number_of_the_same_kind_is_for_review_and_of_another_kind_is_not",
        ),
    ),
    *of(
        "cadres/roster/undo.py",
        (
            "        if written[official].is_new:\n            touched",
            "        if False:\n            touched",
            "test_who_was_given_a_waiver_since_is_kept_and_named",
        ),
        (
            " or (person.is_new and owner_batch != batch.pk)",
            "",
            "test_who_was_changed_by_a_later_import_is_kept_and_the_import_named",
            "a row that another batch wrote about somebody new is younger than the batch that made the person",
        ),
    ),
    *of(
        "cadres/two_persons.py",
        (
            "if by is None or by.pk not in",
            "if True or by.pk not in",
            "test_who_had_a_hand_in_a_plan_does_not_approve_it_and_another_does",
        ),
        (
            "if not alone.strip():",
            "if False:",
            "test_where_nobody_else_could_it_goes_with_a_reason_and_the_log_says_so",
        ),
    ),
    *of(
        "cadres/accounts/administrators.py",
        (
            'list(held.order_by("pk").select_for_update(of=("self",)))',
            "pass",
            "test_two_administrators_who_suspend_each_other_leave_one",
        ),
        (".filter(user__is_active=True)", "", "test_the_last_administrator_is_not_lost"),
        ("if grant.end_date is None:", "if True:", "test_the_last_administrator_is_not_lost"),
    ),
    *of(
        "cadres/accounts/granting.py",
        (
            "_end(row, on - A_DAY)",
            "_end(row, on)",
            "test_a_successor_holds_what_was_held_from_the_day_on_and_the_other_to_the_day_before",
        ),
    ),
    *of(
        "cadres/models/users.py",
        (
            "self.filter(is_active=True, pk__in",
            "self.filter(pk__in",
            "test_who_has_left_confirms_nothing_so_that_the_maker_need_not_wait",
        ),
        (
            "return self.as_of(day_of_roles())",
            "return self.all()",
            "test_a_scope_holds_on_the_days_for_which_it_was_given",
        ),
    ),
    *of(
        "reports/views/home.py",
        (
            "    if above != PROVINCE_ALONE:",
            "    if True:",
            "test_the_home_page_of_a_day_without_districts_is_by_commune_and_by_cluster_once_there_are_some",
        ),
    ),
    *of(
        "courses/documents/kinds.py",
        (
            "        if column is not beside\n",
            "",
            "test_a_paper_of_two_levels_names_the_communes_and_has_no_column_of_districts",
        ),
    ),
    *of(
        "courses/documents/rendering.py",
        (
            'LAID_OUT = "\\n\\t\\a\\f"',
            'LAID_OUT = "\\t\\a\\f"',
            "test_an_attendance_sheet_has_ten_sessions_and_everybody",
        ),
        (
            "ParagraphFormat(paragraph).keep_with_next = True",
            "pass",
            "test_the_last_rows_and_words_go_to_the_page_of_the_signature",
        ),
    ),
    *of(
        "courses/documents/wording.py",
        (
            "return COMMITTEE if issuer_of(decision) == PROVINCE_COMMITTEE else DEPARTMENT",
            "return DEPARTMENT",
            "test_the_decision_on_a_class_is_of_whom_its_sign_names_and_a_draft_before",
        ),
    ),
    *of(
        "courses/documents/letterhead.py",
        ("elif ones and words:", "elif False:", "test_amounts_are_written_out_as_they_are_said"),
        ("if issuer and ", "if False and ", "test_what_a_decision_rests_on_has_day_issuer_and_subject"),
    ),
    *of(
        "courses/documents/papers_of_units.py",
        (
            "PROPOSED = (Enrolment.State.NOMINATED, ",
            "PROPOSED = (Enrolment.State.WAITING, Enrolment.State.NOMINATED, ",
            "test_a_unit_asks_for_its_own_people_as_long_as_the_class_is_to_come",
        ),
    ),
    *of(
        "courses/documents/papers_of_class.py",
        (
            "    found = certificates_visible_to(user).filter(enrolment__training_class=training_class, "
            "withdrawn_on__isnull=True)",
            "    found = certificates_visible_to(user).filter(enrolment__training_class=training_class)",
            "test_a_certificate_is_a_page_of_its_own_until_it_is_withdrawn",
        ),
    ),
    *of(
        "courses/documents/papers_of_person.py",
        (
            "months = record.months if record else",
            "months =",
            "test_a_commitment_names_the_months_of_the_record_else_of_the_regulation",
        ),
        ("if record.pk not in by_class", "if True", "test_the_training_of_a_person_holds_records_and_classes_once"),
    ),
    *of(
        "courses/documents/offers.py",
        (
            "return kind not in NEEDED or user.has_perm(NEEDED[kind])",
            "return True",
            "test_the_settlement_adds_up_by_source_and_says_the_sum_in_words",
        ),
    ),
    *of(
        "cadres/clusters.py",
        (
            "        if version.begins_before(day):",
            "        if False:",
            "test_a_move_keeps_the_days_before_and_is_one_version_more",
        ),
        ("    later.update(cluster=cluster)\n", "", "test_a_move_keeps_the_days_before_and_is_one_version_more"),
    ),
    *of(
        "cadres/correspondence.py",
        (
            "(-cast.count(one), one.code)",
            "one.code",
            "test_a_former_district_is_where_most_of_what_a_commune_follows_lay",
        ),
    ),
    *of(
        "cadres/models/units.py",
        (
            "    return Case(by_itself, default=",
            "    return Case(default=",
            "test_a_seat_is_of_the_cluster_or_of_the_commune_that_is_in_none_on_the_first_day",
        ),
    ),
    *of(
        "cadres/access.py",
        (
            ".filter(in_force(day), is_primary=True)\n    if not",
            ".filter(in_force(day))\n    if not",
            "test_posts_of_people_answered_for_leave_out_who_is_to_leave_and_who_holds_a_second_post_only",
        ),
        (
            "set(moving).difference(own.values_list(",
            "set().difference(own.values_list(",
            "test_posts_of_people_answered_for_leave_out_who_is_to_leave_and_who_holds_a_second_post_only",
        ),
        (
            "set(moving).difference(own.values_list(",
            "set(moving) or set(own.values_list(",
            "test_posts_of_people_answered_for_leave_out_who_is_to_leave_and_who_holds_a_second_post_only",
        ),
        ("[*given, *given.below]", "given", "test_who_has_a_province_has_the_communes_of_its_districts"),
        (" | Q(cluster__in=given)", "", "test_the_officer_of_a_cluster_has_its_communes_while_they_are_in_it"),
        (
            'overlapping(OuterRef("start_date"), Coalesce(OuterRef("end_date"), FOREVER)), unit',
            "unit",
            "test_a_post_is_seen_by_who_had_its_unit_on_one_of_its_days",
        ),
        (
            "_versions_in_scope(given).as_of(day)",
            "_versions_in_scope(given)",
            "test_a_unit_is_written_by_who_has_it_on_the_day",
        ),
        (
            "lying_in_scope(user, _inner(day), permission)",
            "unit_versions_in_scope(user, permission)",
            "test_a_post_is_in_the_figures_of_who_has_its_unit_on_the_day",
        ),
        (
            'Least(Coalesce("end_date", FOREVER), Coalesce("unit__versions__end_date", FOREVER))',
            'Coalesce("end_date", FOREVER)',
            "test_of_the_people_of_a_commune_that_left_the_rows_are_seen_up_to_that_day",
        ),
        (
            'Least(Coalesce("end_date", FOREVER), Coalesce("unit__versions__end_date", FOREVER))',
            'Coalesce("unit__versions__end_date", FOREVER)',
            "test_of_who_has_left_the_rows_are_seen_that_had_begun_by_the_last_day",
        ),
        (
            "Q(until__gte=day) | Q(Exists(today))",
            "Q(until__gte=day)",
            "test_of_who_has_retired_everything_is_seen_by_the_last_unit",
        ),
        (
            "filter(Q(end_date=None) | ~Exists(later), Exists(there))",
            "filter(Exists(there))",
            "test_people_are_written_by_who_has_the_unit_of_their_latest_primary_post",
        ),
        (
            'Least(Coalesce("end_date", FOREVER), Greatest("start_date", _today(clock)))',
            'Greatest("start_date", _today(clock))',
            "test_people_are_written_by_who_has_their_unit_today_or_had_it_when_they_left",
        ),
        (
            'Greatest("start_date", _today(clock))',
            "_today(clock)",
            "test_people_of_a_unit_that_is_to_begin_are_written_by_who_will_have_it",
        ),
        (
            "if permission in roles.permissions_of(frozenset((role,))):",
            "if True:",
            "test_a_leader_who_is_an_officer_too_reads_everything_and_writes_the_own_district",
        ),
        (
            'own = _sent_by(user) | Q(unit__in=lying_in_scope(user, _today(), permission).values("unit"))',
            "own = Q()",
            "test_rosters_of_a_commune_are_the_present_district_s_from_the_day_it_has_the_commune",
        ),
    ),
    *of(
        "courses/access.py",
        (
            "entered=sent",
            "entered=None",
            "test_training_of_who_has_left_is_seen_up_to_that_day_and_where_the_district_sent",
        ),
        (
            'Least("queued_on", "training_class__start_date")',
            'Least("training_class__start_date", "training_class__start_date")',
            "test_an_enrolment_is_of_the_day_of_the_nomination",
        ),
    ),
    *of(
        "cadres/roster/matching.py",
        (
            "if not self.reach.limited:",
            "if True:",
            "test_a_roster_of_an_earlier_day_leaves_who_has_left_to_sonoivu",
        ),
        (
            "elif is_new and match.stated.unit in units:",
            "elif False:",
            "test_a_roster_of_a_commune_that_has_left_writes_nothing_without_sonoivu",
        ),
    ),
    *of(
        "cadres/roster/plan.py",
        (
            "stated = stated.of_its_time()",
            "pass",
            "test_sonoivu_is_proposed_what_a_roster_says_of_its_time_and_not_who_somebody_is",
        ),
        (
            "absent -= reach.left(absent)",
            "pass",
            "test_nobody_who_has_left_is_missing_from_a_roster_of_the_former_district",
        ),
        (
            'stated = stated.without(["position"])',
            "pass",
            "test_a_roster_of_a_commune_that_has_left_writes_nothing_without_sonoivu",
        ),
    ),
    *of(
        "courses/seats.py",
        (
            "max(min(quota - taken, self.left), 0)",
            "max(quota - taken, 0)",
            "test_a_quota_gives_no_seat_of_a_class_that_is_full",
        ),
        ("Q(is_from_reserve=False, district_id", "Q(district_id", "test_a_seat_of_the_reserve_uses_up_no_quota"),
        (
            "enrol_until__gte=day",
            "enrol_until__gt=day",
            "test_an_officer_is_told_of_open_classes_with_a_seat_for_the_own_people",
        ),
        (
            'F("own_taken") + 1)',
            'F("own_taken"))',
            "test_an_officer_is_told_of_open_classes_with_a_seat_for_the_own_people",
        ),
        (
            ', all_taken__lt=F("seats"))',
            ")",
            "test_an_officer_is_told_of_open_classes_with_a_seat_for_the_own_people",
        ),
        (
            'TrainingClass.objects.select_for_update(of=("self",)).filter',
            "TrainingClass.objects.filter",
            "test_officers_who_nominate_at_once_never_give_a_seat_twice",
        ),
    ),
    *of(
        "courses/enrolment/rules.py",
        (
            "return ~Q(Exists(served)) & ~insured",
            "return ~Q(Exists(served))",
            "test_who_served_too_short_and_whose_good_years_are_not_on_record_is_said_before_postgraduate_studies",
        ),
        (
            "-MONTHS_A_YEAR * YEARS_OF_SERVICE)",
            "-MONTHS_A_YEAR * GOOD_YEARS)",
            "test_who_served_too_short_and_whose_good_years_are_not_on_record_is_said_before_postgraduate_studies",
        ),
        (
            "(regulation.oldest + 1)",
            "regulation.oldest",
            "test_who_is_past_the_age_is_not_sent_to_postgraduate_studies_for_the_first_time",
        ),
        (
            "return born & ~_holds(regulation.oldest_from, terms)",
            "return born",
            "test_who_is_past_the_age_is_not_sent_to_postgraduate_studies_for_the_first_time",
        ),
        (
            "return ~Q(_lacks_of(others)) if others else Q()",
            "return Q()",
            "test_nobody_is_sent_twice_to_a_module_and_everybody_to_those_lacking",
        ),
        (
            "TrainingRegulation.objects.as_of(training_class.start_date)",
            "TrainingRegulation.objects.as_of(day)",
            "test_the_time_to_serve_is_that_of_the_regulation_on_the_first_day_of_the_class",
        ),
        (
            "(TrainingClass.State.CANCELLED, TrainingClass.State.ENDED)",
            "(TrainingClass.State.CANCELLED,)",
            "test_a_class_that_is_cancelled_or_has_ended_keeps_nobody_busy",
        ),
        (
            "retires_on__lt=terms.serves_until",
            "retires_on__lte=terms.serves_until",
            "test_who_retires_before_having_served_is_barred",
        ),
        (", retires_on__gte=terms.serves_until", "", "test_who_retires_before_having_served_is_barred"),
        (
            "training_class__end_date__gte=since",
            "training_class__end_date__gt=since",
            "test_a_programme_that_raises_nothing_is_not_repeated_within_two_years",
        ),
        (
            "level__rank__gte=level.rank",
            "level__rank__gt=level.rank",
            "test_a_level_of_which_no_standard_asks_anything_bars_too",
        ),
        (
            "if bit := terms.levels.only([level]):",
            "if bit := terms.levels.of(level.dimension):",
            "test_a_missing_prerequisite_bars",
        ),
    ),
    *of(
        "courses/enrolment/nomination.py",
        (
            "        RuleWaiver.objects.filter(enrolment__in=enrolments).delete()\n",
            "",
            "test_a_reason_given_for_a_nomination_does_not_hold_for_the_next",
        ),
        (
            "if free.total <= 0 or free.reserve <= 0:",
            "if free.reserve <= 0:",
            "test_the_reserve_gives_no_seat_of_a_class_that_is_full",
        ),
        (
            "self.quotas.get(district, 0) <= 0",
            "self.quotas.get(district, 0) < 0",
            "test_a_quota_holds_a_district_back_and_not_another",
        ),
    ),
    *of(
        "courses/enrolment/views/nominating.py",
        (
            "writable_by(Official.objects.filter(pk__in=ticks.numbers), user, SEND)",
            "Official.objects.filter(pk__in=ticks.numbers)",
            "test_nobody_out_of_scope_is_nominated_whatever_is_posted",
        ),
        (
            "enrolments_visible_to(account(request)).filter(pk__in=[enrolment.pk",
            "Enrolment.objects.filter(pk__in=[enrolment.pk",
            "test_who_moved_up_is_named_in_scope_even_where_the_database_would_show_all",
        ),
    ),
    *of(
        "courses/enrolment/waiting.py",
        ('order_by("queued_at", "pk")', 'order_by("pk")', "test_whoever_queued_first_moves_up_first"),
        (
            "(enrolment.own_order is None, enrolment.own_order)",
            "0",
            "test_a_unit_chooses_who_of_its_people_moves_up_first_and_takes_no_place_of_others",
        ),
        (
            "[next(turns[enrolment.district_id]) for enrolment in queued]",
            "[one for people in turns.values() for one in people]",
            "test_a_unit_chooses_who_of_its_people_moves_up_first_and_takes_no_place_of_others",
        ),
    ),
    *of(
        "cadres/retirement.py",
        (
            "for rung in rungs) + 1]",
            "for rung in rungs)]",
            "test_an_age_that_begins_within_the_year_to_come_tells_who_retires_by_it",
        ),
        (
            "found[-1].end_date = None",
            "pass",
            "test_people_of_sixty_years_of_births_agree_with_the_obvious_rule",
        ),
        (
            "ORDER BY start_date LIMIT 1",
            "ORDER BY start_date DESC LIMIT 1",
            "test_people_of_sixty_years_of_births_agree_with_the_obvious_rule",
        ),
    ),
    *of(
        "courses/enrolment/candidates.py",
        (
            ".filter(training_class=training_class).exclude(state__in=OUT)",
            ".filter(training_class=training_class)",
            "test_who_is_in_the_class_is_not_offered_again_until_withdrawn",
        ),
        ("is_meant.desc(), ", "", "test_whom_the_class_was_opened_for_comes_first"),
        (
            'F("is_proposed").desc(), ',
            "",
            "test_who_is_named_comes_first_for_a_class_of_the_line_and_can_be_chosen_alone",
        ),
        (
            "given, around = Q(by__in=quotas), ~Q(Exists(quotas)) & Q(by__in=there)",
            "given, around = Q(by__in=quotas), Q(by__in=there)",
            "test_whom_the_class_was_opened_for_comes_first",
        ),
    ),
    *of(
        "courses/needs/views/registering.py",
        (
            "bool(there & {(need.official_id, item.pk) for item in need.programmes})",
            "False",
            "test_all_needs_of_the_district_are_registered_with_one_button",
        ),
        (
            "elif official := people.get(",
            "elif (official := None) and people.get(",
            "test_a_unit_registers_what_is_asked_of_its_people_and_it_waits_for_the_plan_with_its_priority",
        ),
    ),
    *of(
        "cadres/views/import_acts.py",
        (
            "if row.outcome != ImportRow.Outcome.REVIEW:",
            "if False:",
            "test_a_row_decided_meanwhile_is_left_out_and_asked_about_again",
        ),
    ),
    *of(
        "courses/enrolment/views/approving.py",
        (
            " or not goes_alone(user, DECIDE, [user.pk])",
            "",
            "test_who_may_send_them_too_goes_on_to_the_decision_as_long_as_nobody_else_could",
        ),
    ),
    *of(
        "courses/classes/views/selection.py",
        (
            "if view and self.user.has_perm(permission)",
            "if view",
            "test_a_class_of_a_task_leads_to_where_it_is_done_for_who_may_do_it",
        ),
    ),
    *of(
        "cadres/web/acts.py",
        (
            "if request.POST.get(SEEN) != now.seen:",
            "if False:",
            "test_what_has_changed_since_the_page_was_shown_is_said_and_asked_again",
        ),
    ),
    *of(
        "cadres/views/saved_views.py",
        (
            "not is_open or",
            "",
            "test_a_catalogue_is_kept_as_somebody_wants_it_by_who_may_open_it",
        ),
    ),
    *of(
        "reports/movements.py",
        (
            "if item.is_from_class:",
            "if False:",
            "test_the_list_of_a_move_is_sorted_searched_and_handed_out_as_it_is_shown",
        ),
    ),
    *of(
        "reports/views/training_lists.py",
        ("found = people_found(found, text)", "pass", "test_turns_as_a_workbook"),
    ),
    *of(
        "reports/views/turn_columns.py",
        ('["turns"]', '["official__name_order"]', "test_turns_as_a_workbook"),
    ),
    *of(
        "reports/explorer/happening.py",
        (
            "if self.before.unit_id != self.after.unit_id:",
            "if False:",
            "test_of_each_person_who_moved_it_is_told_what_happened",
        ),
        (
            "if was != now:",
            "if False:",
            "test_of_each_person_who_moved_it_is_told_what_happened",
        ),
        (
            "[_began(after)] if after else [_ended(before)] if before else []",
            "[]",
            "test_of_each_person_who_moved_it_is_told_what_happened",
        ),
    ),
    *of(
        "reports/explorer/views.py",
        (
            "tables = [found] if asked.cell in found.cells else [found, asked.other_table()]",
            "tables = [found]",
            "test_of_each_person_who_moved_it_is_told_what_happened",
        ),
    ),
    *of(
        "cadres/admin/dated.py",
        (
            'fields.sort(key=lambda name: name in ("start_date", "end_date"))',
            "pass",
            "test_a_form_asks_first_what_the_row_is_of_and_says_in_words_what_is_not_chosen",
        ),
    ),
    *of(
        "cadres/web/tags.py",
        (
            "if label != DASHES:",
            "if True:",
            "test_a_form_asks_first_what_the_row_is_of_and_says_in_words_what_is_not_chosen",
        ),
    ),
    *of(
        "cadres/views/batch_columns.py",
        (
            ".asc(nulls_first=True)",
            ".asc()",
            "test_several_files_are_read_at_once_and_a_bad_one_stops_no_other",
        ),
    ),
    *of(
        "reports/views/movement_columns.py",
        (
            "if move in LEFT:",
            "if False:",
            "test_every_move_has_its_list",
        ),
    ),
    *of(
        "cadres/search.py",
        (
            'holds(" ".join(str(one) for one in told if one), words)',
            "holds(str(told[0]), words)",
            "test_the_list_of_figures_is_searched_without_diacritics_and_handed_out_as_it_is_shown",
        ),
    ),
    *of(
        "cadres/web/saved_views.py",
        (
            "if list_of(resolve(address)) != page:",
            "if False:",
            "test_a_view_of_the_findings_of_one_check_is_offered_by_that_check_only",
        ),
        (
            "[match.view_name, *words]",
            "[match.view_name]",
            "test_a_view_of_the_findings_of_one_check_is_offered_by_that_check_only",
        ),
        (
            "Q(account=user) | Q(is_shared=True)",
            "Q(account=user)",
            "test_a_shared_view_shows_the_own_scope_and_says_so",
        ),
    ),
    *of(
        "cadres/web/lists.py",
        (
            "is_on = column.name in self.shows if column.name else is_on",
            "is_on = True",
            "test_the_file_is_the_list_as_shown_with_what_is_lacking_and_why",
        ),
        (
            "column.is_number and isinstance(value, int)",
            "isinstance(value, int)",
            "test_who_has_too_few_is_answered_without_a_class_and_taken_back_as_one",
        ),
    ),
    *of(
        "courses/classes/views/classes.py",
        (
            "columns.in_order(told(classes)) if is_counted else classes",
            "classes",
            "test_an_officer_sees_first_what_still_has_a_seat_for_the_own_people_and_sorts_and_takes_out_what_is_shown",
        ),
    ),
    *of(
        "courses/obligations/views/commitments.py",
        (
            "rows = rows.filter(post_then__unit__in=units)",
            "pass",
            "test_the_lists_show_how_commitments_stand",
        ),
    ),
    *of(
        "courses/needs/views/to_register.py",
        (
            "tick=_tick if may_write else None",
            "tick=_tick",
            "test_a_district_ticks_registers_and_hands_in_and_the_province_accepts",
        ),
        (
            "line.there is None and",
            "",
            "test_a_district_ticks_registers_and_hands_in_and_the_province_accepts",
        ),
    ),
    *of(
        "cadres/web/paging.py",
        (
            "counted[first : first + many]",
            "counted[:many]",
            "test_fifty_people_a_page_in_one_order",
        ),
        (
            "[by_key[key] for key in page.object_list if key in by_key]",
            "list(by_key.values())",
            "test_all_ways_tell_the_same_pages",
        ),
    ),
    *of(
        "courses/needs/views/selection.py",
        (
            "item.rank <= reached.rank",
            "item.rank == reached.rank",
            "test_the_list_shows_who_studies_apart_with_class_and_end",
        ),
    ),
    *of(
        "cadres/web/ticks.py",
        (
            "self._keep([*kept, *ticked])",
            "self._keep(ticked)",
            "test_ticks_survive_paging_sorting_filtering_and_searching",
        ),
        ("if key not in shown]", "]", "test_a_tick_taken_off_is_off_and_the_others_stay"),
    ),
    *of(
        "courses/results/marks.py",
        (
            "result.mark < PASS_MARK",
            "result.mark <= PASS_MARK",
            "test_a_class_is_completed_with_any_mark_from_the_pass_mark_to_the_highest",
        ),
        ("mark >= lowest", "mark > lowest", "test_a_grade_is_proposed_from_the_mark"),
        (
            "key in missed and not result.note",
            "key in missed",
            "test_who_attended_less_than_the_programme_asks_completes_with_a_reason_only",
        ),
        (
            "if key in certified and",
            "if False and",
            "test_a_result_with_a_valid_certificate_is_not_changed_before_it_is_withdrawn",
        ),
    ),
    *of(
        "courses/classes/funding.py",
        (
            "return row.source in amounts and",
            "return False and",
            "test_a_settled_amount_is_never_written_over_without_a_reason",
        ),
    ),
    *of(
        "courses/enrolment/corrections.py",
        (
            "not_begun = (State.DECIDED, State.WITHDRAWN)",
            "not_begun = (State.DECIDED, State.WITHDRAWN, State.ATTENDING)",
            "test_who_studies_already_is_not_taken_out_of_the_decision",
        ),
    ),
    *of(
        "courses/results/corrections.py",
        (
            "start_date=issued_on,",
            "start_date=record.start_date,",
            "test_a_certificate_is_corrected_on_its_page_with_the_effect_seen_before",
        ),
    ),
    *of(
        "courses/results/certificates.py",
        ("lock_class(enrolment.training_class)", "enrolment.training_class", "test_a_result_is_taken_back_once"),
        (
            "record is not None and not record.is_error and",
            "record is not None and",
            "test_a_record_that_the_registry_marked_as_an_error_keeps_its_reason",
        ),
        (" and not record.has_ended(on)", "", "test_a_record_that_the_registry_revoked_before_is_not_prolonged"),
        (
            "issued_on < training_class.end_date",
            "issued_on <= training_class.end_date",
            "test_a_certificate_is_not_dated_before_the_end_of_the_class",
        ),
    ),
    *of(
        "courses/results/attendance.py",
        (", session__is_cancelled=False", "", "test_a_session_cancelled_afterwards_counts_for_nobody"),
        (
            "self.hours * 100 < percent",
            "self.hours * 100 <= percent",
            "test_who_attended_less_than_the_programme_asks_completes_with_a_reason_only",
        ),
    ),
    *of(
        "courses/obligations/commitments.py",
        (
            'Commitment.objects.select_for_update(of=("self",))',
            "Commitment.objects",
            "test_a_repayment_is_recorded_once",
        ),
        (
            'Enrolment.objects.select_for_update(of=("self",))',
            "Enrolment.objects",
            "test_of_two_commitments_for_one_class_one_is_refused",
        ),
        (
            'rank__gte=OuterRef("commits_from__rank")',
            'rank__gt=OuterRef("commits_from__rank")',
            "test_a_regulation_may_bind_from_a_level_on_only",
        ),
        ("if decided_on < on:", "if False:", "test_a_repayment_is_not_decided_before_it_arose"),
        (
            'if record.decided_on else (record.on, "ngày phát sinh")',
            'if False else (record.on, "ngày phát sinh")',
            "test_a_repayment_keeps_its_parts_and_is_recorded_and_paid_once",
        ),
        ("Repayment.objects.select_for_update()", "Repayment.objects", "test_a_repayment_is_paid_once"),
        (
            '        .lasting_to(OuterRef("enrolment__training_class__start_date"))\n',
            "",
            "test_a_post_left_counts_from_the_first_day_of_the_studies",
        ),
        ("When(ends_on__lt=day", "When(ends_on__lte=day", "test_a_commitment_runs_to_its_last_day"),
        (
            'left_on__lt=F("ends_on")',
            'left_on__lte=F("ends_on")',
            "test_leaving_counts_from_the_day_after_and_before_the_end_only",
        ),
        ("min(a_year * years, Decimal(100))", "a_year * years", "test_nobody_is_given_back_more_than_was_spent"),
        (
            "TrainingRegulation.objects.as_of(start).first()",
            "TrainingRegulation.objects.as_of(on).first()",
            "test_the_reduction_is_that_of_the_regulation_on_the_first_day_of_the_class",
        ),
        ("    if again := [", "    if False and [", "test_of_many_all_commit_or_none"),
        ("if len(written) < len(proposals)", "if False", "test_of_many_all_commit_or_none"),
    ),
    *of(
        "courses/support/amounts.py",
        (
            "SupportNorm.objects.as_of(training_class.start_date)",
            "SupportNorm.objects.as_of(training_class.end_date)",
            "test_the_norms_of_the_first_day_of_the_class_hold",
        ),
        (", distinct=True, filter=", ", filter=", "test_days_are_those_of_the_attendance_where_it_is_taken"),
        (
            "starts_at__date__lte=day",
            "starts_at__date__lt=day",
            "test_trainers_are_paid_for_the_sessions_held_by_the_norm_of_their_kind",
        ),
        (
            "UnitDistance.objects.as_of(training_class.start_date)",
            "UnitDistance.objects.all()",
            "test_who_comes_from_afar_is_paid_by_the_km_of_the_first_day_of_the_class",
        ),
        (" | {training_class.place_id: 0}", "", "test_who_studies_where_the_post_is_has_no_way"),
        ("@wide()\n", "", "test_a_sum_of_the_class_is_of_the_whole_class_whoever_asks"),
    ),
    *of(
        "courses/models/support.py",
        (
            "km >= self.km_below",
            "km > self.km_below",
            "test_who_comes_from_afar_is_paid_by_the_km_of_the_first_day_of_the_class",
        ),
        (
            "km_from__lt=self.km_below",
            "km_from__lte=self.km_below",
            "test_norms_that_overlap_are_refused_in_words",
        ),
        ('**{f"{name}__in": ("", value)}', "**{name: value}", "test_norms_that_overlap_are_refused_in_words"),
        (
            'getattr(self, name) in ("", facts[name])',
            "getattr(self, name) == facts[name]",
            "test_a_person_is_given_what_holds_for_her_and_nothing_that_cannot_be_told",
        ),
    ),
    *of(
        "courses/obligations/measures.py",
        ("if on < _since(enrolment)", "if False", "test_a_measure_is_not_older_than_what_it_answers"),
        (
            "if on < date(year, 12, 31)",
            "if on < date(year, 12, 30)",
            "test_who_has_too_few_is_answered_without_a_class_and_taken_back_as_one",
        ),
        (
            "if post.hours >= least]",
            "if post.hours > least]",
            "test_one_decision_of_a_year_is_for_all_named_or_for_none",
        ),
        (
            "taught.start_date if enrolment.state ==",
            "taught.end_date if enrolment.state ==",
            "test_a_measure_is_not_older_than_what_it_answers",
        ),
    ),
    *of(
        "courses/obligations/hours.py",
        (
            "Round(Round(Sum(share, output_field=EXACT), 6))",
            "Round(Sum(share, output_field=EXACT))",
            "test_tiet_are_rounded_once_and_half_up",
        ),
        (
            "min(date(year, 12, 31), day)",
            "date(year, 12, 31)",
            "test_a_class_that_goes_on_counts_up_to_the_day_looked_at",
        ),
        ("hours__gte=minimum", "hours__gt=minimum", "test_units_are_counted_by_who_reached_the_minimum"),
    ),
    *of(
        "reports/views/home.py",
        ("then >= first_day", "then > first_day", "test_course_over_the_years_begins_with_the_first_data"),
    ),
    *of(
        "cadres/rate.py",
        ("ROUND_HALF_UP)\n", '"ROUND_HALF_EVEN")\n', "test_rate_is_rounded_half_up_to_one_decimal"),
        (
            "in_transition=officials if is_in_transition else 0",
            "in_transition=officials",
            "test_rate_of_the_whole_province",
        ),
    ),
    *of(
        "reports/publications/publishing.py",
        ("if day > on:", "if False:", "test_what_cannot_be_published_is_refused_in_words"),
        (
            "before = Publication.objects.in_effect().filter(",
            "before = Publication.objects.filter(",
            "test_once_for_a_scope_day_and_criterion_unless_withdrawn",
        ),
        ("edition=1 + ", "edition=2 + ", "test_once_for_a_scope_day_and_criterion_unless_withdrawn"),
        (
            'order_by(F("standard__over").asc(nulls_first=True))',
            'order_by("-pk")',
            "test_the_article_kept_is_that_of_the_local_rule_where_there_is_one",
        ),
    ),
    *of(
        "reports/publications/since.sql",
        (
            "{c.before counts} <> {c.after counts} OR",
            "{c.before counts} OR {c.after counts} OR",
            "test_a_post_that_ends_later_touches_nothing_and_one_that_ends_before_the_day_does",
        ),
        (
            "OR act.txid <> shown.txid",
            "OR false AND act.txid <> shown.txid",
            "test_what_was_being_written_while_it_was_published_counts_as_later",
        ),
        (
            "shown.roots IS NULL OR CASE",
            "true OR CASE",
            "test_a_figure_of_a_unit_is_touched_by_its_own_people_and_communes_only",
        ),
    ),
    *of(
        "reports/publications/changes.py",
        (
            "{row} ->> 'day', '') <= shown.day",
            "{row} ->> 'day', '') < shown.day",
            "test_a_record_touches_the_day_from_its_first_day_on",
        ),
        (
            "{row} ->> 'end_date', '9') >= shown.day",
            "{row} ->> 'end_date', '9') > shown.day",
            "test_a_row_that_has_ended_touches_the_day_to_its_last_day",
        ),
        (
            "::bigint = ANY (shown.judging), true)",
            "IS NOT NULL, true)",
            "test_what_no_verdict_hangs_on_touches_nothing",
        ),
        (
            "change.position in positions",
            "change.position not in positions",
            "test_where_no_record_of_the_person_moved_the_verdict_the_changed_rule_is_named",
        ),
        (
            "return change.person == person",
            "return True",
            "test_who_came_into_the_total_and_who_left_it_are_told",
        ),
    ),
    *of(
        "reports/publications/shown.py",
        (
            "Publication.objects.in_effect().filter(scope",
            "Publication.objects.filter(scope",
            "test_home_shows_what_was_published_and_that_it_has_changed",
        ),
        (
            "if not one.is_by_named_standards",
            "if True",
            "test_a_figure_by_another_criterion_or_by_named_texts_is_not_shown_on_home",
        ),
    ),
    *of(
        "reports/explorer/moving.py",
        (
            "WHERE ({told_before}) IS DISTINCT FROM ({told_after})",
            "WHERE TRUE",
            "test_between_two_texts_on_one_day_nobody_changes_the_cell",
        ),
        (
            "return Step.CAME if flow.before else Step.NEW",
            "return Step.NEW if flow.before else Step.CAME",
            "test_of_a_cell_is_told_who_came_who_went_and_whose_verdict_changed",
        ),
        (
            "return counts(flow.after) - counts(flow.before)",
            "return counts(flow.after) - 0",
            "test_what_is_told_of_every_cell_is_that_of_the_loops_and_the_difference_of_its_rates",
        ),
    ),
    *of(
        "reports/explorer/crossing.py",
        (
            "return sorted(found.values(), key=lambda group: group.order)",
            "return list(found.values())",
            "test_columns_stand_in_their_order_whatever_the_first_row_has",
        ),
        (
            "has_row_sums=column != DIMENSION",
            "has_row_sums=True",
            "test_by_dimension_there_are_sums_only_where_people_are_counted_once",
        ),
    ),
    *of(
        "reports/explorer/views.py",
        (
            "return posts.filter(unit__in=units_in_district(self.district, day, self.units))",
            "return posts",
            "test_a_district_asked_for_is_all_that_counts",
        ),
        (
            "if self.is_supposed or",
            "if",
            "test_another_text_is_supposed_and_its_cells_tell_their_people_here",
        ),
    ),
    *of(
        "reports/rates.py",
        (
            "DimensionVerdict.EXEMPT: Verdict.COMPLIANT",
            "DimensionVerdict.EXEMPT: Verdict.UNDETERMINED",
            "test_rates_by_every_grouping_in_the_order_in_which_they_are_shown",
        ),
        (
            "return (code == self.absent, order, code)",
            "return (order, code)",
            "test_rates_by_every_grouping_in_the_order_in_which_they_are_shown",
        ),
    ),
    *of(
        "cadres/web/sending.py",
        (
            "transaction.set_rollback(True)",
            "pass",
            "test_what_a_correction_would_come_to_can_be_asked_while_it_is_filled_in_and_nothing_of_it_stays",
        ),
        ("if view not in TELL_AHEAD:", "if False:", "test_only_a_correction_can_be_asked_what_it_would_come_to"),
        (
            "if token and not _spend(token, request):",
            "if token and not (_spend(token, request) or True):",
            "test_a_form_sent_twice_does_its_act_once_and_leads_to_the_same_page_with_the_same_words",
        ),
        (
            "if first.contents != _digest(request):",
            "if False:",
            "test_a_form_sent_once_more_with_other_contents_is_looked_at_first",
        ),
        (
            "if token and token.labels:",
            "if False:",
            "test_a_page_of_ours_whose_row_is_gone_says_so_and_shows_what_was_typed",
        ),
        ("if token and token.is_old:", "if False:", "test_a_form_that_lay_open_too_long_is_looked_at_first"),
        (
            "if token and token.account != request.user.pk:",
            "if token and not request.user.is_authenticated:",
            "test_a_form_of_one_account_is_not_taken_from_another",
        ),
        (
            " or any(message.level >= messages.ERROR for message in told)",
            "",
            "test_an_act_that_could_not_be_done_may_be_tried_again",
        ),
    ),
    *of(
        "cadres/web/versions.py",
        (
            "            _lock(self.row)\n",
            "            pass\n",
            "test_who_saves_while_another_is_saving_waits_and_is_asked",
        ),
        (
            'elif (held != now and field.has_changed(_understood(field, now), bound.data)) or choice == "":',
            'elif choice == "":',
            "test_where_both_changed_a_field_the_second_sees_both_values_and_nothing_is_written",
        ),
        (
            ' or choice == "":',
            ":",
            "test_who_does_not_choose_is_asked_again",
        ),
        (
            "                    _put(self.data, bound, field, now)\n",
            "",
            "test_what_the_first_changed_stays_where_the_second_did_not_touch_it",
        ),
        (
            "            if held != now:\n                _put_held",
            "            if held is None:\n                _put_held",
            "test_the_second_chooses_and_the_rest_is_written_too",
        ),
    ),
    *of(
        "cadres/web/kept_forms.py",
        (
            "own.filter(key=key).first()",
            "KeptForm.objects.filter(key=key).first()",
            "test_another_account_never_sees_what_was_filled_in",
        ),
        (" and not SECRETS.search(name)", "", "test_no_password_and_no_file_is_kept"),
    ),
    *of(
        "cadres/sign_in/lockout.py",
        (
            "failures < self.failures",
            "failures <= self.failures",
            "test_the_fifth_wrong_password_locks_the_account_at_that_address_and_the_right_one_does_not_help",
        ),
        (
            "last + min(doubled, self.longest_wait)",
            "last + doubled",
            "test_the_wait_ends_and_doubles_with_each_failure_after_it_but_not_without_bound",
        ),
        (
            'OF_ADDRESS.until(found["failures"], found["last"])',
            "None",
            "test_an_address_from_which_very_many_fail_has_to_wait_and_no_other",
        ),
    ),
    *of(
        "cadres/backends.py",
        (
            "_asking(user_id, day_of_roles(), proved)",
            "_asking(user_id, date(2000, 1, 1), proved)",
            "test_a_role_may_be_used_on_its_days_only",
        ),
    ),
    *of(
        "cadres/sign_in/sessions.py",
        (
            "begun + timedelta(seconds=settings.SESSION_COOKIE_AGE)",
            "begun + timedelta(days=1)",
            "test_a_session_ends_twelve_hours_after_the_sign_in_however_busy",
        ),
        (
            "seen + timedelta(seconds=settings.SESSION_IDLE)",
            "seen + timedelta(hours=1)",
            "test_a_session_ends_half_an_hour_after_the_last_page_and_says_so",
        ),
        (
            "expire_date > %s",
            "expire_date + interval '1 day' > %s",
            "test_a_session_ends_half_an_hour_after_the_last_page_and_says_so",
        ),
        (
            "seen - self.row.seen_at >= A_MINUTE",
            "seen > self.row.seen_at",
            "test_looking_at_pages_writes_the_session_at_most_once_a_minute",
        ),
    ),
    *of(
        "cadres/sign_in/views.py",
        (
            "time.time() - at > PATIENCE",
            "False",
            "test_the_password_alone_opens_no_page_and_its_way_in_ends_after_five_minutes",
        ),
        (
            "proof != user.get_session_auth_hash()",
            "False",
            "test_the_password_alone_opens_no_page_and_its_way_in_ends_after_five_minutes",
        ),
        (
            '        AxesProxyHandler.user_login_failed(type(self), {"username": user.username}, request)\n',
            "",
            "test_after_wrong_codes_one_has_to_wait_and_the_page_says_how_long",
        ),
    ),
    *of(
        "cadres/sign_in/second_factor.py",
        ("token=_digest(user, code)", "token=code", "test_a_recovery_code_is_good_once_and_none_is_kept_readably"),
        (
            "    end_sessions(user, but=session)\n",
            "",
            "test_setting_it_up_signs_out_everywhere_else_and_is_in_the_history_without_the_secret",
        ),
    ),
    *of(
        "cadres/views/own_account.py",
        ("if owner != user.pk:", "if owner is None:", "test_a_wrong_or_foreign_key_sets_nothing_up"),
    ),
    *of(
        "reports/at_once.py",
        (
            "enumerate(reversed(columns))",
            "enumerate(columns)",
            "test_each_set_of_columns_is_counted_as_by_a_query_of_its_own",
        ),
    ),
    *of(
        "reports/overview.py",
        (
            "        if verdict is not None:\n",
            "        if True:\n",
            "test_pages_and_files_say_who_is_in_no_total_and_that_nothing_was_compared",
        ),
        (
            "        if verdict is None:\n",
            "        if False:\n",
            "test_pages_and_files_say_who_is_in_no_total_and_that_nothing_was_compared",
        ),
        ("if verdict is None}", "}", "test_pages_and_files_say_who_is_in_no_total_and_that_nothing_was_compared"),
        (".get((True,), NOBODY)", ".get((False,), NOBODY)", "test_change_covers_only_communes_known_on_both_days"),
    ),
    *of(
        "reports/commune/figures.py",
        (
            "for post in held if post.verdict), Rate()),",
            "for post in held), Rate()),",
            "test_the_rate_is_that_of_its_people_and_every_figure_opens_them",
        ),
        (
            "max(0, self.facts.people - self.facts.quota)",
            "max(0, self.facts.people - self.facts.quota + 1)",
            "test_one_above_the_quota_is_said",
        ),
        (
            "row.effective_on - ONE_DAY",
            "row.effective_on",
            "test_what_became_of_a_commune_leads_there_on_a_day_on_which_it_is",
        ),
        (
            "if until is None or (line.start or UNKNOWN_START) <= until",
            "if True",
            "test_a_former_district_sees_the_commune_on_days_on_which_it_had_it_alone",
        ),
    ),
    *of(
        "lao_cai_training/finding/kinds.py",
        (
            "return visible_to(people, asked.user)",
            "return people",
            "test_people_are_looked_for_in_the_scope_and_this_is_not_left_to_the_database",
        ),
        (
            "held_in_scope(held, user, VIEW)",
            "held",
            "test_who_has_left_a_district_is_shown_there_with_the_post_held_in_it",
        ),
        (
            "asked.user.has_perm(entry.permission) and ",
            "",
            "test_a_page_that_the_account_may_not_open_is_not_found",
        ),
        (
            "When(bears, then=Value(3)),",
            "When(bears, then=Value(0)),",
            "test_who_is_called_so_comes_before_who_has_the_words_somewhere",
        ),
        (
            "nearest.col.place, nearest.col.far, ",
            "",
            "test_a_name_that_is_merely_alike_comes_after_all_that_bear_the_words",
        ),
        (
            '.order_by("folded_name", "name_order")',
            '.order_by("folded_name", "-name_order")',
            "test_of_names_that_are_written_alike_the_first_in_order_tells_which_come_first",
        ),
        (
            '.order_by("place", "far", "first")',
            '.order_by("first")',
            "test_who_is_called_so_is_not_cut_off_by_many_names_that_come_before_in_order",
        ),
    ),
    *of(
        "lao_cai_training/finding/views.py",
        (
            "if kind.permission and not user.has_perm(kind.permission):",
            "if False:",
            "test_the_administrator_of_accounts_finds_pages_and_no_class",
        ),
    ),
    *of(
        "lao_cai_training/gate.py",
        (
            "return None if is_demonstration() else SECOND_FACTOR",
            "return SECOND_FACTOR",
            "test_a_demonstration_offers_it_and_does_not_ask_for_it",
        ),
        (
            "if token and token.account == user.pk:",
            "if False:",
            "test_a_form_that_lay_open_when_the_role_was_given_is_filled_in_again",
        ),
    ),
    *of(
        "lao_cai_training/backup/archive.py",
        ("    if not sealed:\n", "    if False:\n", "test_damage_anywhere_is_refused"),
        ('about["format"] > FORMAT', 'about["format"] > 9', "test_a_backup_of_a_newer_version_is_refused"),
    ),
    *of(
        "lao_cai_training/backup/making.py",
        ("REPEATABLE READ", "READ COMMITTED", "test_a_backup_is_one_moment_while_others_write"),
        (
            "path.exists() and not is_backup(path)",
            "False",
            "test_a_backup_writes_over_nothing_but_a_backup_and_its_day_is_told",
        ),
        ("            part.unlink(missing_ok=True)\n", "", "test_a_full_disk_is_said_and_leaves_no_half_file"),
        ("left.unlink()", "pass", "test_a_backup_that_is_killed_leaves_no_half_file_for_the_next"),
        (
            '("public.cadres_session", ',
            "(",
            "test_a_restore_takes_away_keys_and_no_files_and_can_itself_be_taken_back",
        ),
    ),
    *of(
        "lao_cai_training/backup/restoring.py",
        (
            "        if differing:\n",
            "        if False:\n",
            "test_rows_that_are_not_those_of_the_digests_are_refused",
        ),
        (
            "databases.beside(PREVIOUS), databases.beside(RESTORING)} - {database}",
            "databases.beside(PREVIOUS)} - {database}",
            "test_the_kept_database_goes_with_its_files_at_the_next_restore",
        ),
        (
            "for kind in (RESTORING, CHECKING):",
            "for kind in (CHECKING,):",
            "test_a_restore_that_is_killed_leaves_the_old_or_the_new_and_the_next_one_cleans_up",
        ),
    ),
    *of(
        "lao_cai_training/backup/uploads.py",
        (
            '_digest(target) == facts["sha256"]',
            "True",
            "test_a_restore_takes_away_keys_and_no_files_and_can_itself_be_taken_back",
        ),
    ),
    *of(
        "lao_cai_training/instance.py",
        (
            "time.monotonic() - read_at > READ_ANEW",
            "False",
            "test_what_another_process_notes_is_shown_within_a_minute",
        ),
        (
            "kind <> 'command' OR ",
            "",
            "test_what_somebody_entered_into_a_demonstration_of_another_version_stays",
        ),
        (
            "pg_try_advisory_lock(hashtext(%s))",
            "true OR hashtext(%s) IS NULL",
            "test_two_that_set_up_an_emptied_database_wait_for_each_other",
        ),
    ),
    *of(
        "lao_cai_training/postgres/databases.py",
        (
            'cursor.execute("BEGIN")',
            'cursor.execute("SELECT 1")',
            "test_a_restore_that_is_killed_leaves_the_old_or_the_new_and_the_next_one_cleans_up",
        ),
    ),
    *of(
        "lao_cai_training/postgres/programs.py",
        (
            "if not setting or setting[1].decode() in known_settings:",
            "if True:",
            "test_a_real_server_of_the_oldest_version_there_is_takes_it_and_gives_it_back",
        ),
        (
            '"--no-psqlrc",',
            """"--no-psqlrc", f"--set=word={connection.settings_dict['PASSWORD']}",""",
            "test_no_password_is_in_the_list_of_processes_or_in_the_file",
        ),
    ),
    *of(
        "lao_cai_training/postgres/roles.py",
        (
            'f"REVOKE ALL ON ALL FUNCTIONS IN SCHEMA history, walls FROM PUBLIC, {WEB}, {AT_WORK}"',
            '"SELECT 1"',
            "test_backup_changes_restore_give_every_table_rate_and_file_back",
        ),
    ),
    *of(
        "cadres/turning.py",
        (
            "(UnitVersion, UnitZone, UnitRelaxation,",
            "(UnitVersion, UnitRelaxation,",
            "test_every_table_that_the_verdict_finds_in_force_is_looked_at",
        ),
        (
            "mergers, texts.values_list(",
            "texts.values_list(",
            "test_what_has_one_day_only_concerns_everybody_on_that_day",
        ),
        (
            'order_by().values("unit").annotate(first=',
            'order_by().values("unit", "day").annotate(first=',
            "test_a_later_roster_of_a_commune_concerns_nobody",
        ),
    ),
    *of(
        "cadres/asked_again.py",
        (
            "tuple(given if item is THE_KEYS else item",
            "tuple(given[:1] if item is THE_KEYS else item",
            "test_a_question_about_some_people_is_kept_and_asked_of_others",
        ),
        (
            'ALIAS.sub(rf"{own}\\1", text)',
            "text",
            "test_a_kept_condition_holds_of_the_same_rows_wherever_it_stands",
        ),
        (
            "if (value := getattr(row, key.attname)) in found:",
            "if (value := row.pk) in found:",
            "test_rows_are_given_what_their_keys_lead_to",
        ),
    ),
    *of(
        "cadres/kept_plans.py",
        (
            "if isinstance(value, Enum) or value.__class__ in self.known:",
            "if value.__class__ in self.known:",
            "test_a_plan_that_is_kept_answers_what_is_asked_each_time",
        ),
        (
            "if isinstance(value, Enum) or value.__class__ in self.known:",
            "if isinstance(value, Enum):",
            "test_a_plan_of_a_day_knows_its_day_and_leaves_texts_open",
        ),
        (
            "frozenset((date, bool, int, list))",
            "frozenset((date, bool, int, list, str))",
            "test_a_plan_of_a_day_knows_its_day_and_leaves_texts_open",
        ),
        (" or innermost is not self", "", "test_of_two_ways_to_plan_the_inner_one_holds"),
        (
            '"bigint" if kind == "integer" and value.bit_length() > 31 else kind',
            "kind",
            "test_a_plan_that_is_kept_answers_what_is_asked_each_time",
        ),
        (
            '"%" if found[0] == "%%" else next(written)',
            'found[0] if found[0] == "%%" else next(written)',
            "test_a_plan_that_is_kept_answers_what_is_asked_each_time",
        ),
        ("if key not in plans:", "if True:", "test_a_plan_that_is_kept_answers_what_is_asked_each_time"),
        (
            '(("SELECT", "WITH", "(SELECT"))',
            '(("SELECT", "WITH"))',
            "test_a_plan_that_is_kept_answers_what_is_asked_each_time",
        ),
        (
            'if not {"integer", "bigint"}.issuperset(kinds[keys]):',
            "if False:",
            "test_a_plan_that_is_kept_answers_what_is_asked_each_time",
        ),
        (
            "LIST.sub(as_list, sql), list(kinds)",
            "sql, list(kinds)",
            "test_a_plan_that_is_kept_answers_what_is_asked_each_time",
        ),
        (
            'sum(place == "%s" for place in PLACE.findall(sql, 0, found.start()))',
            "0",
            "test_a_plan_that_is_kept_answers_what_is_asked_each_time",
        ),
        ("if len(plans) >= self.most:", "if False:", "test_the_plans_that_a_connection_keeps_are_bounded"),
    ),
    *of(
        "lao_cai_training/postgres/walls.sql",
        (
            "int8range(official_id, official_id, '[]')",
            "int8range(official_id, official_id, '[)')",
            "test_with_a_districts_proof_only_its_people_are_seen_and_changed",
        ),
        (
            " OR cluster_id = ANY(given))",
            ")",
            "test_the_officer_of_a_cluster_has_its_communes_while_they_are_in_it",
        ),
        (
            "IF told <> '' AND current_setting('walls.proof', true) = walls.mac('told ' || told) THEN",
            "IF told <> '' THEN",
            "test_settings_that_are_made_up_open_nothing",
        ),
        (
            "IF proof IS DISTINCT FROM walls.mac(concat_ws(' ', 'enter', account, how)) THEN",
            "IF proof IS NULL THEN",
            "test_settings_that_are_made_up_open_nothing",
        ),
        (
            "convert_to(message || ' ' || pg_backend_pid(), 'UTF8')",
            "convert_to(message, 'UTF8')",
            "test_settings_that_are_made_up_open_nothing",
        ),
        (
            "IF pg_current_xact_id_if_assigned() IS NULL AND seal = ",
            "IF seal = ",
            "test_whose_people_is_kept_until_somebody_changes_it_and_cannot_be_made_up",
        ),
        (
            "concat_ws(' ', 'people', pg_current_snapshot(), ",
            "concat_ws(' ', 'people', ",
            "test_whose_people_is_kept_until_somebody_changes_it_and_cannot_be_made_up",
        ),
        (
            "seal = walls.mac(asked || kept)",
            "seal <> ''",
            "test_whose_people_is_kept_until_somebody_changes_it_and_cannot_be_made_up",
        ),
        (
            "current_setting('walls.proof', true), '');",
            "'');",
            "test_whose_people_is_kept_until_somebody_changes_it_and_cannot_be_made_up",
        ),
    ),
    *of(
        "lao_cai_training/postgres/walls.sql",
        (
            "IF proof IS DISTINCT FROM walls.mac(concat_ws(' ', name, account)) THEN",
            "IF proof IS DISTINCT FROM walls.mac(concat_ws(' ', 'key', account)) THEN",
            "test_no_sql_of_the_site_reads_a_password_or_the_key_of_a_telephone",
        ),
    ),
    *of(
        "lao_cai_training/postgres/roles.py",
        (
            """        yield SQL("REVOKE SELECT ON {} FROM {}")""",
            """        yield SQL("GRANT SELECT ON {} TO {}")""",
            "test_no_sql_of_the_site_reads_a_password_or_the_key_of_a_telephone",
        ),
    ),
    *of(
        "cadres/history/requests.py",
        (
            'LEAFED = ("trang",)',
            "LEAFED = ()",
            "test_who_leafs_through_a_list_as_a_program_would_is_told_so_too",
        ),
    ),
    *of(
        "cadres/proofs.py",
        (
            'return "NULL", ()',
            "return sql, params",
            "test_passwords_are_given_and_changed_as_that_login",
        ),
    ),
    *of(
        "lao_cai_training/postgres/policies.py",
        (
            '"public.cadres_qualification": OWN,',
            '"public.cadres_qualification": "true",',
            "test_with_a_districts_proof_only_its_people_are_seen_and_changed",
        ),
        (
            """"(SELECT walls.told() ->> 'how') = 'taking back'", way)""",
            '"true", way)',
            "test_what_is_kept_for_ever_no_account_can_change",
        ),
    ),
    *of(
        "lao_cai_training/management/commands/carry_on_import.py",
        (
            "        with for_nobody():\n            pass ",
            "        if True:\n            pass ",
            "test_what_waits_stays_where_the_database_does_not_take_the_proofs_of_a_process",
        ),
    ),
    *of(
        "lao_cai_training/errors.py",
        (
            "        request.POST  # noqa: B018\n",
            "        pass\n",
            "test_files_that_are_too_many_are_refused_in_words",
        ),
    ),
    *of(
        "cadres/walls.py",
        (
            'AFRESH = "DISCARD TEMP; "',
            'AFRESH = "SELECT 1; "',
            "test_a_table_that_somebody_leaves_in_the_session_is_gone_with_the_next_request",
        ),
    ),
    *of(
        "cadres/migrations/0028_rows_told_once.sql",
        (
            "IF NOT walls.is_wide() AND NOT EXISTS (SELECT FROM walls.people WHERE official_id = came.person) THEN",
            "IF false THEN",
            "test_no_entry_tells_a_person_to_an_account_that_may_not_see_it",
        ),
        (
            "AND id > entry ORDER BY id LIMIT 1",
            "AND id > entry ORDER BY id DESC LIMIT 1",
            "test_it_is_told_as_it_came_whatever_was_changed_since",
        ),
        (
            "AND id > entry ORDER BY id LIMIT 1",
            "ORDER BY id LIMIT 1",
            "test_it_is_told_as_it_came_whatever_was_changed_since",
        ),
        (
            "AND operation = 'I' AND after -> 'id' IS NULL",
            "AND operation = 'I'",
            "test_entries_of_before_keep_what_they_say",
            "the reader asks it of these entries only (RowAsItBecame)",
        ),
    ),
    *of(
        "cadres/web/day.py",
        (
            'if hasattr(request, "somebody_counts"):',
            "if True:",
            "test_a_day_without_data_says_so_and_leads_to_the_nearest",
        ),
    ),
    *of(
        "cadres/migrations/0001_history.sql",
        (
            "WHERE txid = txid_current() AND act.at >= now() AND context = told",
            "WHERE txid = txid_current() AND act.at >= now()",
            "test_one_transaction_under_one_name_is_one_act",
        ),
        ("    WHERE was <> became;", "    ;", "test_what_is_saved_unchanged_or_only_at_another_time_is_no_change"),
        ("'U', was - secret,", "'U', was,", "test_a_password_is_told_as_changed_and_never_kept"),
        (
            "CREATE TRIGGER kept BEFORE UPDATE OR DELETE OR TRUNCATE ON history.change",
            "CREATE TRIGGER kept BEFORE TRUNCATE ON history.change",
            "test_even_the_owner_is_stopped_from_rewriting_the_history",
        ),
        (
            "    ON CONFLICT DO NOTHING",
            "",
            "test_a_person_looked_at_is_one_line_an_account_and_day",
        ),
    ),
    *of(
        "cadres/history/context.py",
        ("        _told.reset(token)", "        pass", "test_the_account_in_by_is_in_the_history"),
        (
            "with transaction.atomic(), act(by=by):",
            "with transaction.atomic():",
            "test_the_account_in_by_is_in_the_history",
        ),
    ),
    *of(
        "cadres/history/taking_back.py",
        (
            "filter(parent_table=Unit._meta.db_table, parent__in=among(units)).exists()",
            "exists()",
            "test_a_mapping_of_many_is_taken_back_at_once_and_not_once_somebody_has_built_on_it",
        ),
        (
            "if before != now[row]]",
            "]",
            "test_a_reorganisation_is_taken_back_once_what_was_built_on_it_has_been",
        ),
        ("        refuse_changed_since(act)", "", "test_a_row_changed_since_is_named_with_who_changed_it"),
        (
            "            _refuse_to_take_along(row, gone)",
            "",
            "test_what_others_have_built_on_an_act_is_not_pulled_away",
        ),
        (
            "        _refuse_beyond_its_unit(row, since)",
            "        pass",
            "test_a_post_does_not_come_back_into_a_unit_that_has_ended_since",
        ),
        (
            "            connection.check_constraints()\n",
            "",
            "test_a_mapping_of_many_is_taken_back_at_once_and_not_once_somebody_has_built_on_it",
        ),
        ("last + timedelta(days=1)", "last", "test_a_post_that_ended_with_its_unit_comes_back"),
        (
            "pk__gt=since.pk",
            "pk__gt=0",
            "test_a_post_left_behind_in_a_unit_that_had_ended_before_comes_back_as_it_was",
        ),
        (
            "    row.full_clean(exclude=unknown)",
            "",
            "test_a_former_state_that_the_rules_no_longer_allow_is_refused_whole",
        ),
        (
            "before = now | {name: before[name] for name in columns}",
            "pass",
            "test_one_column_is_restored_and_the_others_stay",
        ),
    ),
    *of(
        "cadres/registry/carrying.py",
        (
            "if same in there and not post",
            "if False and not post",
            "test_two_posts_that_become_one_go_on_as_the_primary_one",
        ),
        (
            "            twice.append(post.pk)",
            "            late.append((post.pk, successor_of[post.pk], decision))",
            "test_a_post_carried_over_that_day_is_in_the_new_position_from_its_first_day_on_and_of_two_the_primary_stays",
        ),
        (
            '(*KEPT, "position_id", "unit_id", "end_date", "end_reason"))\n        rows.append((*kept, post["pk"]))',
            '(*KEPT, "position_id", "unit_id", "end_date", "end_reason"))\n        rows.append((*kept, None))',
            "test_who_held_a_position_that_ended_goes_on_in_the_one_chosen_and_others_where_they_are_told",
        ),
        (
            "was.before ->> 'end_reason'",
            "''",
            "test_a_post_that_is_to_end_later_ends_in_the_successor_and_has_its_end_back_afterwards",
        ),
    ),
    *of(
        "cadres/zones/listing.py",
        (
            "*_eves(later)",
            "*()",
            "test_a_list_of_an_earlier_period_goes_up_to_what_is_known_of_a_later_one_but_a_roster_gives_way",
        ),
        (
            "row.origin == UnitZone.Origin.ROSTER and ",
            "",
            "test_a_list_of_an_earlier_period_goes_up_to_what_is_known_of_a_later_one_but_a_roster_gives_way",
        ),
        (
            "(change.is_named or self.is_whole)",
            "change.is_named",
            "test_a_whole_list_puts_who_is_not_in_it_outside_and_that_is_not_the_same_as_nothing_recorded",
        ),
        (
            "if len(found) == 1}",
            "if found}",
            "test_a_commune_that_follows_others_within_the_list_lies_where_all_of_them_lay",
        ),
    ),
    *of(
        "cadres/reorganisation/planning.py",
        (
            "return after == [code] and self.predecessors[code] == [code]",
            "return after == [code]",
            "test_a_commune_that_takes_another_in_under_its_own_code_is_a_new_unit",
        ),
        ("    yield from _circles(leads)\n", "", "test_what_cannot_be_is_named_and_nothing_is_written"),
        (
            "filter(~Exists(followed), Exists(staying))",
            "filter(Exists(staying))",
            "test_people_of_the_other_province_go_by_its_own_file_and_those_of_this_one_wait_for_theirs",
        ),
    ),
    *of(
        "cadres/registry/many_posts.py",
        (
            "> limits[position]",
            ">= limits[position]",
            "test_who_is_to_stay_stays_and_a_mapping_that_makes_two_heads_is_refused_with_their_names",
        ),
        (
            "open_still = (Verdict.NOT_COMPLIANT, Verdict.UNDETERMINED)",
            "open_still = (Verdict.NOT_COMPLIANT,)",
            "test_what_stands_against_moving_them_is_named_and_nothing_is_written",
        ),
    ),
    *of(
        "cadres/reorganisation/posts.py",
        (
            'ended(day, "position__")',
            'ended(day + timedelta(days=1), "position__")',
            "test_a_post_is_found_that_is_held_on_the_day_in_a_position_ended_by_then",
        ),
        (
            "    refuse_beyond_holders(successor_of, posts, day)\n    return",
            "    return",
            "test_who_is_to_stay_stays_and_a_mapping_that_makes_two_heads_is_refused_with_their_names",
        ),
    ),
    *of(
        "cadres/reorganisation/former_units.py",
        ("        *_clashing(new, known),\n", "", "test_what_is_wrong_with_a_file_of_units_is_named_with_its_row"),
        (
            "if (one.code, fold(one.name), one.start_date) not in there",
            "",
            "test_the_units_of_the_former_yen_bai_are_loaded_once_and_taken_back_as_one_act",
        ),
    ),
    *of(
        "cadres/reference_data.py",
        (
            "and predecessors.get(one, {before}) == {before}",
            "",
            "test_the_units_of_the_former_yen_bai_are_loaded_once_and_taken_back_as_one_act",
        ),
    ),
    *of(
        "cadres/reorganisation/touched.py",
        (
            "ending |= {plan.old[code].unit_id for code in plan.moving}",
            "",
            "test_a_class_is_touched_that_ends_on_the_day_or_later",
        ),
    ),
    *of(
        "cadres/views/mass_posts.py",
        (
            'if post.pk in may_write else "Do đơn vị khác quản lý"',
            "",
            "test_an_officer_ends_no_post_of_somebody_whom_another_unit_has_by_now",
        ),
    ),
    *of(
        "cadres/reorganisation/following.py",
        (
            "self.plan.cluster_of(code) or ",
            "",
            "test_what_follows_communes_of_one_cluster_is_in_it_and_of_two_in_none",
        ),
        (
            "if len(values) > 1:",
            "if False:",
            "test_a_successor_that_is_not_known_opens_on_the_day_and_takes_what_its_predecessors_agree_on",
        ),
        (
            "follow if before.issuperset(units) else unsettled",
            "follow",
            "test_a_successor_that_is_not_known_opens_on_the_day_and_takes_what_its_predecessors_agree_on",
        ),
        (
            "and self._above(code) not in now",
            "",
            "test_a_successor_that_is_not_known_opens_on_the_day_and_takes_what_its_predecessors_agree_on",
        ),
    ),
    *of(
        "cadres/reorganisation/carrying.py",
        ("        refuse_changed_since(done)\n", "", "test_what_was_done_since_is_not_taken_away_with_it"),
        (", context__change__isnull=True", "", "test_one_change_of_it_brought_back_leaves_it_done"),
        (
            "units[chosen[official]] if official in chosen else going[unit]",
            "going[unit]",
            "test_of_a_split_commune_who_is_not_chosen_otherwise_goes_to_the_first_successor",
        ),
    ),
    *of(
        "cadres/registry/merging.py",
        ("    if kept.pk == gone.pk:", "    if False:", "test_a_record_is_not_merged_with_itself_or_without_a_reason"),
        (
            "        if official.merged_into_id is not None:",
            "        if False:",
            "test_a_record_merged_before_is_merged_no_more",
        ),
        (
            "clash.kept if clash.key in rows_of_gone else clash.gone",
            "clash.gone",
            "test_of_two_posts_held_at_once_one_is_chosen",
        ),
        (
            "columns[0] in facts_of_gone or not _stated(kept, columns)",
            "columns[0] in facts_of_gone",
            "test_facts_that_only_the_second_states_are_taken_over",
        ),
    ),
    *of(
        "cadres/views/taking_back.py",
        (
            "    if act.user_id != user.pk:",
            "    if False:",
            "test_whoever_did_an_act_takes_it_back_and_others_of_the_district_do_not",
        ),
        (
            "    ).count() == len(people)",
            "    ).count() >= 0",
            "test_what_somebody_did_to_a_person_who_has_left_is_the_provinces_to_take_back",
        ),
    ),
    *of(
        "cadres/roster/matching.py",
        (
            "            if merged_into is not None:\n",
            "            if False:\n",
            "test_a_merged_record_is_no_namesake_to_a_roster",
        ),
    ),
    *of(
        "cadres/review/checks.py",
        (
            'lambda lens: Q(unexplained__gt=F("holders"))',
            'lambda lens: Q(unexplained__gte=F("holders"))',
            "test_a_second_holder_of_a_post_of_one_person_is_found_a_concurrent_one_too",
        ),
        (
            'Q(appointed_by__lte=F("of_age_on"))',
            'Q(appointed_by__lt=F("of_age_on"))',
            "test_who_was_appointed_the_day_before_turning_18_is_found_and_on_that_day_not",
        ),
        (
            'lambda lens: Q(people__gt=F("quota"))',
            'lambda lens: Q(people__gte=F("quota"))',
            "test_more_people_than_the_class_allows_are_found_and_without_a_class_none",
        ),
        (
            "Q(retires_on__lt=lens.day)",
            "Q(retires_on__lte=lens.day)",
            "test_who_is_past_the_last_day_of_work_is_found_and_on_that_day_is_retiring",
        ),
        (
            "Q(term_ends__lt=lens.day.year)",
            "Q(term_ends__lte=lens.day.year)",
            "test_a_term_has_ended_when_its_last_year_is_over",
        ),
        (
            'under_it = Q(appointed__gte=F("standard__start_date"))',
            "under_it = Q()",
            "test_who_was_appointed_before_the_standard_came_into_force_was_not_appointed_lacking",
        ),
        (
            "return found & ~Q(official__in=aside) if aside else found",
            "return found",
            "test_what_is_set_aside_is_not_counted_to_the_last_day_and_then_is_again",
        ),
    ),
    *of(
        "cadres/review/sources.py",
        (
            "self.day, self.now, self.within, self.rulebook.kept, ages, ",
            "self.day, self.within, self.rulebook.kept, ages, ",
            "test_the_counts_go_by_the_law_and_the_clock_as_they_are_when_asked",
        ),
        (
            "self.now, self.within, self.rulebook.kept",
            "self.now, self.rulebook.kept",
            "test_the_counts_go_by_the_law_and_the_clock_as_they_are_when_asked",
        ),
        (
            "self.rulebook.kept, ages, ",
            "ages, ",
            "test_the_counts_go_by_the_law_and_the_clock_as_they_are_when_asked",
        ),
        (
            "ages, tuple(sorted(",
            "tuple(sorted(",
            "test_the_counts_go_by_the_law_and_the_clock_as_they_are_when_asked",
        ),
        (
            ", tuple(sorted(self.aside.items()))",
            "",
            "test_the_counts_go_by_the_law_and_the_clock_as_they_are_when_asked",
        ),
        (
            "Coalesce(held.col.positions, Value([], held.col.positions.output_field))",
            "held.col.positions",
            "test_a_key_post_that_nobody_holds_is_vacant_and_one_held_concurrently_is_not",
        ),
        (
            "1900 + 100 * (SEX_DIGIT / 2)",
            "1900 + 100 * SEX_DIGIT",
            "test_twelve_digits_agree_with_birth_and_sex_or_are_found",
        ),
    ),
    *of(
        "reports/forecast/computing.py",
        (
            "            people[0] &= whom\n",
            "            people[0] = set()\n",
            "test_what_a_class_gave_in_one_year_is_there_when_the_post_changes_in_the_next",
        ),
        (
            "if last_day and last_day < end}",
            "if last_day and last_day <= end}",
            "test_somebody_is_at_work_on_the_last_day_of_the_month_of_retirement",
        ),
        (
            "of_year = [one for one in expected if since < one.from_day <= end]",
            "of_year = [one for one in expected if since < one.from_day < end]",
            "test_a_class_counts_from_the_year_end_by_which_it_has_ended",
        ),
        (
            "for key in people[number] if last[key] != number}",
            "for key in () if last[key] != number}",
            "test_who_finishes_a_class_and_takes_a_seat_in_one_year_is_in_both_steps",
        ),
        (
            "compliant[group] -= people * (1 - share**number)",
            "compliant[group] -= people * (1 - share)",
            "test_the_band_is_the_worst_and_the_best_of_former_years_and_two_classes_are_passed_twice",
        ),
        (
            "return Step.RULES if was.asked != post.asked else Step.RECORDS",
            "return Step.RECORDS",
            "test_a_standard_that_begins_is_a_step_and_a_transition_that_ends_is_told_without_moving_the_rate",
        ),
        (
            "since < date(year, 12, 31) <= until",
            "date(year, 12, 31) <= until",
            "test_where_terms_end_who_holds_one_leaves_with_its_last_year_and_a_later_term_goes_on",
        ),
    ),
    *of(
        "reports/forecast/expected.py",
        (
            "if since == Since.WAITS:",
            "if True:",
            "test_a_seat_goes_to_whom_the_plan_names_before_who_is_registered_and_in_a_class_that_has_room",
        ),
        (
            "if room > 0 and",
            "if",
            "test_a_seat_goes_to_whom_the_plan_names_before_who_is_registered_and_in_a_class_that_has_room",
        ),
        (
            "if taught.state not in TrainingClass.AT_WORK:",
            "if True:",
            "test_a_seat_goes_to_whom_the_plan_names_before_who_is_registered_and_in_a_class_that_has_room",
        ),
        (
            "seats[taught.plan_line_id] -= taught.seats",
            "pass",
            "test_seats_that_a_class_took_are_not_counted_twice_and_those_without_a_name_are_told",
        ),
        (
            "            places[place] -= 1\n",
            "            pass\n",
            "test_a_planned_seat_goes_to_the_most_urgent_who_is_registered",
        ),
        (
            "max(taught.end_date, day + A_DAY)",
            "taught.end_date",
            "test_what_ended_and_waits_for_its_result_counts_with_the_first_year_end",
        ),
    ),
    *of(
        "reports/forecast/passing.py",
        (
            "if row[1] >= FEWEST_TURNS",
            "if row[1] > FEWEST_TURNS",
            "test_without_three_years_of_enough_turns_there_is_no_band",
        ),
    ),
    *of(
        "cadres/registry/writing.py",
        (
            "return held if len(held) >= post.position.holders else []",
            "return held if len(held) > post.position.holders else []",
            "test_who_comes_into_a_post_of_one_person_is_asked_and_the_other_ends_the_day_before",
        ),
        (
            "    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)\n",
            "    Unit.objects.get(pk=unit.pk)\n",
            "test_of_two_who_come_into_one_post_at_the_same_moment_the_second_is_asked",
        ),
    ),
    *of(
        "cadres/workbooks.py",
        (
            "return found if found >= FIRST_DAY else None",
            "return found",
            "test_a_cell_is_what_its_value_is",
        ),
        (
            '"constant_memory": in_rows',
            '"constant_memory": False',
            "test_rows_are_not_kept",
        ),
        (
            "if sum(widths) <= MOST_ROOM or lines > MOST_LINES:",
            "if widths:",
            "test_columns_are_as_wide_as_what_stands_in_them_up_to_what_can_be_read_on_paper",
        ),
    ),
    *of(
        "cadres/web/tables.py",
        (
            "autofilter(head, 0, row - is_total, last)",
            "autofilter(head, 0, row, last)",
            "test_the_filter_is_of_the_rows_and_not_of_their_sum",
        ),
    ),
    *of(
        "cadres/web/paging.py",
        (
            "return MOST_PRINTED if is_printed(request) else A_PAGE",
            "return A_PAGE",
            "test_on_paper_are_all_rows_and_not_a_page_of_them",
        ),
    ),
    *of(
        "reports/forms/source.py",
        (
            "    if touched([published], rulebook=Rulebook.load()):",
            "    if not published:",
            "test_a_form_says_whether_its_figures_are_those_that_were_published",
        ),
        (
            "filter(day=day, unit=unit)",
            "filter(day=day)",
            "test_a_form_says_whether_its_figures_are_those_that_were_published",
        ),
    ),
    *of(
        "reports/forms/long_files.py",
        ("and not _is_held(folder):", "and False:", "test_a_file_is_forgotten_after_an_hour"),
        ("> KEPT and", "> 0 and", "test_a_file_is_forgotten_after_an_hour"),
        (
            "State.RUNNING if is_held else State.STOPPED",
            "State.RUNNING",
            "test_one_file_of_an_account_is_written_at_a_time_and_a_killed_one_is_told",
        ),
        (
            'if any(folder.name.startswith(f"{by.pk}-") for folder in running):',
            "if False:",
            "test_one_file_of_an_account_is_written_at_a_time_and_a_killed_one_is_told",
        ),
        (
            'return _all() / f"{by.pk}-{key}"',
            'return next(_all().glob(f"*-{key}"), _all() / f"{by.pk}-{key}")',
            "test_a_long_form_is_written_beside_and_is_the_one_that_is_written_at_once",
        ),
    ),
    *of(
        "reports/forms/pdf.py",
        (
            "while len(pages) > SIGNED_WITH + 1:",
            "while len(pages) > 1:",
            "test_the_titles_stand_on_every_page_and_no_signature_alone",
        ),
    ),
    *of(
        "cadres/workbooks.py",
        ('("differentFirst", 1)', '("differentFirst", 0)', "test_workbooks_are_set_up_to_be_printed"),
    ),
    *of(
        "cadres/roster/template_workbook.py",
        (
            "reads_days=False, number=TEXT",
            "reads_days=False",
            "test_it_is_set_up_for_the_printer_and_typed_as_text",
        ),
        ('"show_error": not column.is_open,', "", "test_what_is_open_takes_words_that_are_not_in_its_list"),
    ),
    *of(
        "courses/documents/workbooks.py",
        (
            "if free > 0:",
            "if False:",
            "test_who_signs_a_workbook_stands_on_no_page_without_two_of_the_list",
        ),
        (
            "for factor in (1, LATITUDE)]",
            "for factor in (1,)]",
            "test_who_signs_a_workbook_stands_on_no_page_without_two_of_the_list",
        ),
    ),
    *of(
        "courses/documents/blocks.py",
        (
            "paragraph_format.page_break_before = True",
            "paragraph_format.page_break_before = False",
            "test_a_sheet_that_fills_its_page_is_followed_by_no_empty_one",
        ),
    ),
    *of(
        "lao_cai_training/management/commands/migrate.py",
        (
            "state.is_delayed = True",
            "",
            "test_a_step_of_a_migration_draws_one_model_anew_and_what_a_step_in_python_is_given_is_whole",
        ),
    ),
    *of(
        "lao_cai_training/helping/leaflets.py",
        (".filter(role=role)", "", "test_a_leaflet_names_whom_its_readers_ask"),
    ),
    *of(
        "lao_cai_training/helping/views.py",
        ("not leaflet.of & held", "bool(leaflet.of & held)", "test_the_help_leads_to_the_leaflets_the_own_one_first"),
    ),
)


@cache
def _files_by_test() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for file in (ROOT / "tests").rglob("test_*.py"):
        for name in re.findall(r"^ *def (test_\w+)\(", file.read_text(), re.MULTILINE):
            found[name].append(str(file.relative_to(ROOT)))
    return found


def file_of(test: str) -> str:
    """The file that has the test of this name."""
    (file,) = _files_by_test()[test]
    return file


def what_is_wrong(mutation: Mutation) -> Iterator[str]:
    """Why an entry does not fit the source: its text or its test does not stand there exactly once."""
    found = (ROOT / mutation.file).read_text().count(mutation.old) if (ROOT / mutation.file).exists() else 0
    if found != 1:
        yield f"{mutation.file} has {found} times, not once: {mutation.old}"
    if len(files := _files_by_test().get(mutation.test, ())) != 1:
        yield f"{len(files)} tests, not one, are called {mutation.test} ({mutation.file}: {mutation.old})"
