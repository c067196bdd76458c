"""Where the points of a chart lie."""

from decimal import Decimal

from reports.charts import Point, line_chart


def points(*values: str | None) -> list[Point]:
    return [Point(f"{2010 + place}", Decimal(value) if value else None) for place, value in enumerate(values)]


def test_higher_rates_lie_higher_and_later_days_further_right():
    chart = line_chart(points("27.0", "41.9", "50.4"))
    assert [dot.x for dot in chart.dots] == sorted(dot.x for dot in chart.dots)
    assert [dot.y for dot in chart.dots] == sorted((dot.y for dot in chart.dots), reverse=True)


def test_axis_is_cut_to_whole_tens_around_the_values():
    assert [percent for percent, _ in line_chart(points("27.0", "50.4")).grid] == [10, 20, 30, 40, 50, 60]
    assert [percent for percent, _ in line_chart(points("0.0", "100.0")).grid] == [0, 20, 40, 60, 80, 100]


def test_all_points_lie_inside_the_box():
    for values in (("0.0",), ("100.0", "100.0"), ("0.0", "100.0"), (None, None), ()):
        chart = line_chart(points(*values))
        for dot in chart.dots:
            assert 0 <= dot.x <= chart.width
            assert dot.y is None or 0 <= dot.y <= chart.height


def test_line_breaks_where_there_are_no_data():
    assert len(line_chart(points("10.0", "20.0", None, "30.0", "40.0")).lines) == 2
    assert line_chart(points("10.0", None, "30.0")).lines == []


def test_what_is_expected_goes_on_from_the_last_known_value_between_its_bounds():
    ahead = [
        Point("2017", Decimal("50.0"), is_expected=True, low=Decimal("45.0"), high=Decimal("55.0")),
        Point("2018", Decimal("60.0"), is_expected=True, low=Decimal("50.0"), high=Decimal("70.0")),
    ]
    chart = line_chart([*points("30.0", "40.0"), *ahead])
    known, last, first_ahead, last_ahead = chart.dots
    assert chart.lines == [f"{known.x},{known.y} {last.x},{last.y}"]
    assert chart.expected == [" ".join(f"{dot.x},{dot.y}" for dot in (last, first_ahead, last_ahead))]
    (band,) = chart.bands
    heights = [int(corner.partition(",")[2]) for corner in band.split()]
    assert heights[0] == heights[-1] == last.y
    assert heights[2] < last_ahead.y < heights[3]
    assert line_chart(points("30.0", "40.0")).bands == line_chart(points("30.0", "40.0")).expected == []


def test_a_target_lies_where_a_value_as_high_would_and_a_line_joins_those_of_following_years():
    first, second = (
        Point(year, Decimal("40.0"), target=Decimal(wanted)) for year, wanted in (("1", "40"), ("2", "95"))
    )
    chart = line_chart([first, second, Point("3", Decimal("40.0"))])
    one, two, three = chart.dots
    assert one.target_y == one.y
    close = line_chart([Point("1", Decimal("40.0"), target=Decimal("42.0")), second]).dots[0]
    assert close.text_y > close.y > close.target_y  # the dash does not run through the value
    assert one.text_y < one.y
    assert two.target_y < two.y
    assert two.target_y >= 0
    assert three.target_y is None
    assert chart.targets == [f"{one.x},{one.target_y} {two.x},{two.target_y}"]
