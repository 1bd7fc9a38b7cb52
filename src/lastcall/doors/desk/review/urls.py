from __future__ import annotations

from django.urls import URLPattern, path

from lastcall.doors.desk.review import deciding, pages

urlpatterns: list[URLPattern] = [
    path("review/", pages.queue, name="review_queue"),
    path("review/take/<int:case_id>/", pages.take, name="review_take"),
    path("review/assigned/", pages.assigned, name="review_assigned"),
    path("review/assigned/<int:assignment_id>/", pages.reassign, name="review_reassign"),
    path("review/<int:assignment_id>/", pages.case, name="review_case"),
    path("review/<int:assignment_id>/contacts/", pages.contacts, name="review_contacts"),
    path("review/<int:assignment_id>/release/", pages.release, name="review_release"),
    path("review/<int:assignment_id>/hand-over/", pages.hand_over, name="review_hand_over"),
    path("review/<int:assignment_id>/approve/", deciding.approve, name="review_approve"),
    *(
        path(f"review/<int:assignment_id>/{name}/", deciding.decide, {"decision": name}, name=f"review_{name}")
        for name in deciding.DECISIONS
    ),
]
