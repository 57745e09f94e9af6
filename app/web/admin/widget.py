"""The page of the widget's looks, with the widget beside them."""

from flask import Blueprint, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.container import current_container
from app.db.queries.programs import ProgramRow, get_program
from app.services.save_program_settings import save_program_settings
from app.web.admin.page import SAVED, done, embed_url, own_data, page
from app.web.admin.widget_form import WidgetForm
from app.web.admin.widget_preview import widget_preview
from app.web.auth import admin_identity


def register(blueprint: Blueprint) -> None:
    """Add the page and its preview to the admin."""
    blueprint.get("/widget")(widget)
    blueprint.post("/widget")(save_widget)
    blueprint.post("/widget/preview")(preview_widget)


def widget() -> tuple[str, int]:
    """Show the looks as they are."""
    program = _program()
    return _draw(WidgetForm(data=program.appearance), program)


def save_widget() -> Response | tuple[str, int]:
    """Save the looks and push them to the storefront, or show what is wrong with them."""
    form = WidgetForm(formdata=request.form)
    with own_data() as session:
        program = get_program(session, admin_identity().program_id)
        if not form.validate():
            return _draw(form, program, status=422)
        save_program_settings(
            session,
            program_id=program.id,
            name=program.name,
            points_name=program.points_name,
            appearance={**program.appearance, **form.data},
        )
        current_container().jobs.enqueue("push_widget_settings", session, program_id=program.id)
    return done("widget", SAVED)


def preview_widget() -> tuple[str, int]:
    """Show the widget as the form stands; nothing is saved."""
    form, program = WidgetForm(formdata=request.form), _program()
    preview = widget_preview(form, program) if form.validate() else None
    return page("widget_preview.html", "", preview=preview)


def _program() -> ProgramRow:
    with own_data() as session:
        return get_program(session, admin_identity().program_id)


def _draw(form: WidgetForm, program: ProgramRow, *, status: int = 200) -> tuple[str, int]:
    preview = widget_preview(form, program) if status == 200 else None
    return page(
        "widget.html",
        _("Widget"),
        status=status,
        form=form,
        preview=preview,
        embed_url=embed_url(),
    )
