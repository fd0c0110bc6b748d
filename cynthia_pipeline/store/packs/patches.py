"""The patch of a pack that was made, as it is stored."""

from uuid import UUID

from sqlalchemy import Connection, select

from cynthia_pipeline.fix_packs.ports import PatchPreview
from cynthia_pipeline.store.tables import fix_packs


def load_patch(connection: Connection, pack: UUID) -> PatchPreview | None:
    """All changes of the pack; None if there is no such pack.

    Raises:
        ValueError: the stored patch is not one of this pipeline's.
    """
    stored = connection.execute(select(fix_packs.c.patch_preview).where(fix_packs.c.id == pack)).scalar_one_or_none()
    return None if stored is None else PatchPreview.model_validate(stored)
