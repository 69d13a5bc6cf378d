"""The shop: catalogue, accounts, carts, checkouts"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

_PRICE = sa.String().with_variant(sa.Numeric(18, 4), "postgresql")


def upgrade() -> None:
    op.create_table(
        "products",
        sa.Column("product", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("description_zh", sa.String(), nullable=False),
        sa.Column("description_en", sa.String(), nullable=False),
        sa.Column("weight", sa.BigInteger(), nullable=False),
        sa.Column("sold_as", sa.String(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("breaks", sa.JSON(), nullable=False),
        sa.Column("most", sa.BigInteger(), nullable=True),
        sa.Column("samples", sa.Boolean(), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("product", name="pk_products"),
    )
    op.create_table(
        "product_pictures",
        sa.Column("product", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["product"], ["products.product"], name="fk_product_pictures_product"),
        sa.PrimaryKeyConstraint("product", "document", name="pk_product_pictures"),
    )
    op.create_index("ix_product_pictures_document", "product_pictures", ["document"])
    op.create_table(
        "own_prices",
        sa.Column("customer", sa.String(), nullable=False),
        sa.Column("product", sa.String(), nullable=False),
        sa.Column("unit_price", _PRICE, nullable=False),
        sa.PrimaryKeyConstraint("customer", "product", name="pk_own_prices"),
    )
    op.create_table(
        "accounts",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("customer", sa.String(), nullable=False),
        sa.Column("invoice_title", sa.String(), nullable=False),
        sa.Column("tax_number", sa.String(), nullable=False),
        sa.Column("invoice_kind", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["customer"], ["customers.customer"], name="fk_accounts_customer"),
        sa.PrimaryKeyConstraint("account", name="pk_accounts"),
        sa.UniqueConstraint("customer", name="uq_accounts_customer"),
    )
    op.create_table(
        "account_members",
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("right", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.account"], name="fk_account_members_account"),
        sa.PrimaryKeyConstraint("address", name="pk_account_members"),
    )
    op.create_index("ix_account_members_account", "account_members", ["account"])
    op.create_table(
        "addresses",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("consignee", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.account"], name="fk_addresses_account"),
        sa.PrimaryKeyConstraint("number", name="pk_addresses"),
    )
    op.create_index("ix_addresses_account", "addresses", ["account"])
    op.create_table(
        "carts",
        sa.Column("cart", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.account"], name="fk_carts_account"),
        sa.PrimaryKeyConstraint("cart", name="pk_carts"),
        sa.UniqueConstraint("account", name="uq_carts_account"),
    )
    op.create_index("ix_carts_changed_at", "carts", ["changed_at"])
    op.create_table(
        "cart_lines",
        sa.Column("cart", sa.String(), nullable=False),
        sa.Column("product", sa.String(), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("seen_price", _PRICE, nullable=False),
        sa.Column("put_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["cart"], ["carts.cart"], name="fk_cart_lines_cart"),
        sa.PrimaryKeyConstraint("cart", "product", "sample", name="pk_cart_lines"),
    )
    op.create_table(
        "checkouts",
        sa.Column("checkout", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("intent", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.account"], name="fk_checkouts_account"),
        sa.PrimaryKeyConstraint("checkout", name="pk_checkouts"),
    )
    op.create_index("ix_checkouts_account", "checkouts", ["account"])
    op.create_index("ix_checkouts_at", "checkouts", ["at"])


def downgrade() -> None:
    for name in (
        "checkouts", "cart_lines", "carts", "addresses", "account_members", "accounts", "own_prices", "product_pictures",
        "products",
    ):  # fmt: skip
        op.drop_table(name)
