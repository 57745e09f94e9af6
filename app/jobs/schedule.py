"""When tasks run by themselves; cron fields in UTC, a sixth field counts seconds."""

from typing import Final

SCHEDULE: Final = {
    # What was missed by a wake-up, because a process died between commit and wake-up.
    "sweep_inboxes": "* * * * * */5",
    "sweep_effects": "* * * * * */10",
    "sweep_history": "* * * * * */5",
    "sweep_facts": "* * * * * */15",
    "sweep_redemptions": "* * * * * */5",
    "sweep_due": "* * * * * 30",
    "retry_stalled": "* * * * * */10",
    "sweep_reconciles": "*/10 * * * *",
    "sweep_deleted": "20 1 * * *",
    "renew_tokens": "17 * * * *",
    "sweep_tiers": "5 * * * *",
    "prune_payloads": "40 2 * * *",
    "sweep_ledgers": "10 3 * * *",
    "discard_history_files": "45 * * * *",
    "remove_old_jobs": "50 2 * * *",
}
"""Task name to cron expression."""

ON_CLOCK_JUMP: Final = (
    "sweep_due",
    "sweep_redemptions",
    "sweep_tiers",
    "sweep_effects",
    "sweep_inboxes",
)
"""Run at once when the development clock jumps: what they look for may have come due."""
