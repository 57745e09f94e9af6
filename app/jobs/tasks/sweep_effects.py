"""Finds what Shopify has not been told yet: members' metafields and widget settings."""

from app.db.queries.work_waiting import programs_with_stale_members, programs_with_stale_widget
from app.jobs.work import Work


def run(work: Work) -> None:
    """Enqueue the pushes."""
    with work.parts.database.sweep() as session:
        members = programs_with_stale_members(session)
        widgets = programs_with_stale_widget(session)
    for program_id in members:
        work.parts.jobs.enqueue("push_member_metafields", program_id=program_id)
    for program_id in widgets:
        work.parts.jobs.enqueue("push_widget_settings", program_id=program_id)
