"""The declarative base: naming of constraints and the column types that every table shares."""

from datetime import datetime
from typing import Annotated, Any, ClassVar

from sqlalchemy import BigInteger, DateTime, ForeignKey, Identity, LargeBinary, MetaData, Text
from sqlalchemy.dialects.postgresql import JSON, JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column

NAMING = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}


class Base(DeclarativeBase):
    """Base of every model; datetimes are aware, JSON is jsonb unless said, integers are bigint."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        int: BigInteger(),
        datetime: DateTime(timezone=True),
        str: Text(),
        bytes: LargeBinary(),
        dict[str, Any]: JSONB(),
        list[Any]: JSONB(),
    }


# Kept as written, and checked only: to take it apart for jsonb costs PostgreSQL four times as much,
# and nobody but the app looks into it.
KeptJson = Annotated[dict[str, Any], mapped_column(JSON)]
BigId = Annotated[int, mapped_column(BigInteger, Identity(always=False), primary_key=True)]
# Foreign keys to the tenant itself are kept where tenants are set up. In the tables that a drain
# fills, row-level security admits the tenant's own id only, members and awards are checked
# still, and each check saved is a twentieth of what an order costs.
TenantProgramId = Annotated[int, mapped_column(BigInteger)]
TenantShopId = Annotated[int, mapped_column(BigInteger)]
ProgramId = Annotated[int, mapped_column(ForeignKey("program.id", ondelete="RESTRICT"))]
ShopId = Annotated[int, mapped_column(ForeignKey("shop.id", ondelete="RESTRICT"))]
MemberId = Annotated[int, mapped_column(ForeignKey("member.id", ondelete="RESTRICT"))]
