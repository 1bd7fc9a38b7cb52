"""What the ledger's tables refuse by themselves: changed or deleted entries, and entries out of balance at commit."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TABLES = ("billing_entry", "billing_posting")

# SQLite has no deferred triggers but deferred foreign keys: an imbalance must refer to the one row there is, zero.
SQLITE_BALANCE = (
    "CREATE TABLE billing_zero (value integer PRIMARY KEY)",
    "INSERT INTO billing_zero VALUES (0)",
    """
    CREATE TABLE billing_imbalance (
        entry_id integer PRIMARY KEY,
        amount integer NOT NULL REFERENCES billing_zero (value) DEFERRABLE INITIALLY DEFERRED
    )
    """,
    """
    CREATE TRIGGER billing_posting_adds AFTER INSERT ON billing_posting BEGIN
        INSERT INTO billing_imbalance VALUES (NEW.entry_id, NEW.amount)
        ON CONFLICT (entry_id) DO UPDATE SET amount = amount + excluded.amount;
    END
    """,
    """
    CREATE TRIGGER billing_imbalance_gone AFTER UPDATE ON billing_imbalance WHEN NEW.amount = 0 BEGIN
        DELETE FROM billing_imbalance WHERE entry_id = NEW.entry_id;
    END
    """,
)
SQLITE_BALANCE_UNDONE = (
    "DROP TRIGGER billing_posting_adds",
    "DROP TABLE billing_imbalance",
    "DROP TABLE billing_zero",
)

POSTGRESQL_FUNCTIONS = (
    """
    CREATE FUNCTION billing_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION USING ERRCODE = 'restrict_violation', MESSAGE = TG_TABLE_NAME || ' is append-only';
    END $$
    """,
    """
    CREATE FUNCTION billing_refuse_imbalance() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF (SELECT sum(amount) FROM billing_posting WHERE entry_id = NEW.entry_id) <> 0 THEN
            RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation',
                MESSAGE = 'entry ' || NEW.entry_id || ' is out of balance';
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE CONSTRAINT TRIGGER billing_posting_balances AFTER INSERT ON billing_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION billing_refuse_imbalance()
    """,
)
POSTGRESQL_UNDONE = (
    "DROP FUNCTION billing_refuse_imbalance() CASCADE",
    "DROP FUNCTION billing_refuse_change() CASCADE",
)


def _sqlite_append_only(table: str) -> tuple[str, ...]:
    return tuple(
        f"CREATE TRIGGER {table}_no_{act} BEFORE {act} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for act in ("update", "delete")
    )


def _postgresql_append_only(table: str) -> tuple[str, ...]:
    return (
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION billing_refuse_change()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION billing_refuse_change()",
    )


def guard(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Make the triggers for the database at hand."""
    statements = {
        "sqlite": (*SQLITE_BALANCE, *(line for table in TABLES for line in _sqlite_append_only(table))),
        "postgresql": (*POSTGRESQL_FUNCTIONS, *(line for table in TABLES for line in _postgresql_append_only(table))),
    }
    _run(editor, statements)


def unguard(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Take the triggers away."""
    sqlite = (f"DROP TRIGGER {table}_no_{act}" for table in TABLES for act in ("update", "delete"))
    _run(editor, {"sqlite": (*sqlite, *SQLITE_BALANCE_UNDONE), "postgresql": POSTGRESQL_UNDONE})


def _run(editor: BaseDatabaseSchemaEditor, statements: dict[str, tuple[str, ...]]) -> None:
    vendor = editor.connection.vendor
    if vendor not in statements:
        raise NotImplementedError(f"the ledger is guarded on SQLite and PostgreSQL only, not on {vendor}")
    for statement in statements[vendor]:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = (("billing", "0001_initial"),)
    operations = (migrations.RunPython(guard, unguard),)
