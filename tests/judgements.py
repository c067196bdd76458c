"""What the sets of levels of a judged post say, dimension by dimension, as tests speak of it."""

from datetime import date

from cadres.evaluation import Rulebook
from cadres.models import JudgedPost, Standard


def by_dimension(post: JudgedPost, day: date, standards: tuple[Standard, ...] = ()) -> JudgedPost:
    """The post with `verdict_CODE`, `required_CODE` and `held_CODE` (ranks) for each dimension asked for on the day."""
    rulebook = Rulebook.load()
    levels = rulebook.level_sets(day, standards)
    for dimension in rulebook.dimensions_asked(day, standards):
        required, held = (levels.level_in(found, dimension) for found in (post.asked, post.held))
        vars(post).update(
            {
                f"verdict_{dimension.code}": levels.verdict(post, dimension),
                f"required_{dimension.code}": required.rank if required else None,
                f"held_{dimension.code}": held.rank if held else None,
            }
        )
    return post
