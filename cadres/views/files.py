"""What a page asks about a file that it waits for."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from cadres.web.permissions import account
from cadres.web.progress import written


@login_required
@require_safe
def file_progress(request: HttpRequest, key: str) -> JsonResponse:
    """{"rows": how many are written} of the file that the account asked for with the key; 0 where there is none."""
    return JsonResponse({"rows": written(key, account(request))})
