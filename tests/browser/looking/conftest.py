"""For tests that look and change nothing: they share one small province."""

from tests.browser.conftest import cast_of_all, site_with

site, cast = site_with("province"), cast_of_all()
