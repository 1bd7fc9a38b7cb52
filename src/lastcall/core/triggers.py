"""What the database itself holds: triggers for SQLite and PostgreSQL, and how SQLite keeps a table; used by migrations only."""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

APPEND_ONLY = {
    "sqlite": """
        CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
        BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
    """,
    "postgresql": """
        CREATE FUNCTION {table}_no_{verb}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'check_violation'; END $$;
        CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_no_{verb}()
    """,
}

# Design, section 6, item 2: no new tenure before the old one's quarantine end, except the former holder's reactivation; and after a
# transfer none but the one that began in the same moment for somebody else.
TENURE_RESTS = {
    "sqlite": """
        CREATE TRIGGER numbers_tenure_rests BEFORE INSERT ON numbers_tenure
        WHEN EXISTS (
            SELECT 1 FROM numbers_tenure former WHERE former.msisdn = NEW.msisdn AND former.ordinal = NEW.ordinal - 1
            AND (former.until IS NULL OR former.ending = 'ceased' OR former.quarantine_until IS NOT NULL)
            AND (former.quarantine_until IS NULL OR former.quarantine_until > NEW.since)
            AND NOT (NEW.follows_id IS NOT NULL AND NEW.follows_id = former.id AND NEW.subscriber_id = former.subscriber_id
                     AND former.until IS NOT NULL AND former.reclaim_until > NEW.since)
            OR former.msisdn = NEW.msisdn AND former.ordinal = NEW.ordinal - 1 AND former.ending = 'transferred'
            AND NOT (NEW.since = former.until AND NEW.follows_id IS NULL AND NEW.subscriber_id <> former.subscriber_id))
        BEGIN SELECT RAISE(ABORT, 'the number still rests'); END
    """,
    "postgresql": """
        CREATE OR REPLACE FUNCTION numbers_tenure_rests() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF EXISTS (
                SELECT 1 FROM numbers_tenure former WHERE former.msisdn = NEW.msisdn AND former.ordinal = NEW.ordinal - 1
                AND (former.until IS NULL OR former.ending = 'ceased' OR former.quarantine_until IS NOT NULL)
                AND (former.quarantine_until IS NULL OR former.quarantine_until > NEW.since)
                AND NOT (NEW.follows_id IS NOT NULL AND NEW.follows_id = former.id AND NEW.subscriber_id = former.subscriber_id
                         AND former.until IS NOT NULL AND former.reclaim_until > NEW.since)
                OR former.msisdn = NEW.msisdn AND former.ordinal = NEW.ordinal - 1 AND former.ending = 'transferred'
                AND NOT (NEW.since = former.until AND NEW.follows_id IS NULL AND NEW.subscriber_id <> former.subscriber_id))
            THEN RAISE EXCEPTION 'the number still rests' USING ERRCODE = 'check_violation'; END IF;
            RETURN NEW;
        END $$;
        CREATE OR REPLACE TRIGGER numbers_tenure_rests BEFORE INSERT ON numbers_tenure
        FOR EACH ROW EXECUTE FUNCTION numbers_tenure_rests()
    """,
}

# A quarantine is never shortened but by a request that two people decided, and not below the moment of its approval.
QUARANTINE_STAYS = {
    "sqlite": """
        CREATE TRIGGER numbers_quarantine_stays BEFORE UPDATE OF quarantine_until ON numbers_tenure
        WHEN OLD.quarantine_until IS NOT NULL AND (NEW.quarantine_until IS NULL OR NEW.quarantine_until < OLD.quarantine_until)
            AND NOT EXISTS (
                SELECT 1 FROM numbers_releaserequest request WHERE request.tenure_id = OLD.id
                AND request.state = 'approved' AND request.decided_at = NEW.quarantine_until)
        BEGIN SELECT RAISE(ABORT, 'a quarantine is not shortened'); END
    """,
    "postgresql": """
        CREATE FUNCTION numbers_quarantine_stays() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF OLD.quarantine_until IS NOT NULL AND (NEW.quarantine_until IS NULL OR NEW.quarantine_until < OLD.quarantine_until)
                AND NOT EXISTS (
                    SELECT 1 FROM numbers_releaserequest request WHERE request.tenure_id = OLD.id
                    AND request.state = 'approved' AND request.decided_at = NEW.quarantine_until)
            THEN RAISE EXCEPTION 'a quarantine is not shortened' USING ERRCODE = 'check_violation'; END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER numbers_quarantine_stays BEFORE UPDATE OF quarantine_until ON numbers_tenure
        FOR EACH ROW EXECUTE FUNCTION numbers_quarantine_stays()
    """,
}

# Of a correction nothing is written later but its approval, once.
CORRECTION_STAYS = {
    "sqlite": """
        CREATE TRIGGER numbers_correction_stays BEFORE UPDATE ON numbers_correction
        WHEN OLD.at IS NOT NULL OR NEW.at IS NULL OR NEW.id <> OLD.id OR NEW.tenure_id <> OLD.tenure_id
            OR NEW.follows_tenure_id <> OLD.follows_tenure_id OR NEW.reason <> OLD.reason OR NEW.reference <> OLD.reference
            OR NEW.asked_by <> OLD.asked_by OR NEW.asked_at <> OLD.asked_at OR NEW.until <> OLD.until
        BEGIN SELECT RAISE(ABORT, 'a correction is only approved'); END
    """,
    "postgresql": """
        CREATE FUNCTION numbers_correction_stays() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF OLD.at IS NOT NULL OR NEW.at IS NULL OR NEW.id <> OLD.id OR NEW.tenure_id <> OLD.tenure_id
                OR NEW.follows_tenure_id <> OLD.follows_tenure_id OR NEW.reason <> OLD.reason OR NEW.reference <> OLD.reference
                OR NEW.asked_by <> OLD.asked_by OR NEW.asked_at <> OLD.asked_at OR NEW.until <> OLD.until
            THEN RAISE EXCEPTION 'a correction is only approved' USING ERRCODE = 'check_violation'; END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER numbers_correction_stays BEFORE UPDATE ON numbers_correction
        FOR EACH ROW EXECUTE FUNCTION numbers_correction_stays()
    """,
}

# A dead SIM stays dead: never issued twice.
SIM_STAYS_DEAD = {
    "sqlite": """
        CREATE TRIGGER numbers_sim_stays_dead BEFORE UPDATE ON numbers_sim WHEN OLD.state = 'dead' AND NEW.state <> 'dead'
        BEGIN SELECT RAISE(ABORT, 'a dead SIM stays dead'); END
    """,
    "postgresql": """
        CREATE FUNCTION numbers_sim_stays_dead() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF OLD.state = 'dead' AND NEW.state <> 'dead'
            THEN RAISE EXCEPTION 'a dead SIM stays dead' USING ERRCODE = 'check_violation'; END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER numbers_sim_stays_dead BEFORE UPDATE ON numbers_sim FOR EACH ROW EXECUTE FUNCTION numbers_sim_stays_dead()
    """,
}

# A declaration that was acknowledged is never lost and never dated differently.
DECLARATION_STAYS = {
    "sqlite": """
        CREATE TRIGGER closing_case_declared BEFORE UPDATE ON closing_case
        WHEN OLD.declared_at <> NEW.declared_at OR OLD.legal_end <> NEW.legal_end OR OLD.claimed_msisdn <> NEW.claimed_msisdn
        BEGIN SELECT RAISE(ABORT, 'a declaration is never dated differently'); END
    """,
    "postgresql": """
        CREATE FUNCTION closing_case_declared() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF OLD.declared_at <> NEW.declared_at OR OLD.legal_end <> NEW.legal_end OR OLD.claimed_msisdn <> NEW.claimed_msisdn
            THEN RAISE EXCEPTION 'a declaration is never dated differently' USING ERRCODE = 'check_violation'; END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER closing_case_declared BEFORE UPDATE ON closing_case
        FOR EACH ROW EXECUTE FUNCTION closing_case_declared()
    """,
}


def create(schema_editor: BaseDatabaseSchemaEditor, statements: dict[str, str]) -> None:
    """Create one trigger in the dialect of the database being migrated."""
    schema_editor.execute(statements[schema_editor.connection.vendor])


def append_only(schema_editor: BaseDatabaseSchemaEditor, table: str) -> None:
    """From now on no row of ``table`` is changed or deleted."""
    for verb in ("update", "delete"):
        _forbid(schema_editor, table, verb)


def never_deleted(schema_editor: BaseDatabaseSchemaEditor, table: str) -> None:
    """From now on no row of ``table`` is deleted."""
    _forbid(schema_editor, table, "delete")


def _forbid(schema_editor: BaseDatabaseSchemaEditor, table: str, verb: str) -> None:
    create(schema_editor, {vendor: sql.format(table=table, verb=verb) for vendor, sql in APPEND_ONLY.items()})


_TENURE_REFERENCE = ' REFERENCES "numbers_tenure" ("id") DEFERRABLE INITIALLY DEFERRED'
_REFERS_TO_TENURE = (
    """
    CREATE TRIGGER {table}_refers BEFORE INSERT ON {table}
    WHEN NOT EXISTS (SELECT 1 FROM numbers_tenure WHERE id = NEW.tenure_id)
    BEGIN SELECT RAISE(ABORT, 'no such tenure'); END
    """,
    """
    CREATE TRIGGER {table}_still_refers BEFORE UPDATE OF tenure_id ON {table}
    WHEN NOT EXISTS (SELECT 1 FROM numbers_tenure WHERE id = NEW.tenure_id)
    BEGIN SELECT RAISE(ABORT, 'no such tenure'); END
    """,
    """
    CREATE TRIGGER {table}_referred BEFORE DELETE ON numbers_tenure
    WHEN EXISTS (SELECT 1 FROM {table} WHERE {due} = OLD.{due} AND msisdn = OLD.msisdn)
    BEGIN SELECT RAISE(ABORT, 'the number of this tenure still rests'); END
    """,
)


def keep_in_key_order(schema_editor: BaseDatabaseSchemaEditor, table: str, due: str) -> None:
    """On SQLite, keep a membership's rows in the tree of its key instead of a second one beside it (WITHOUT ROWID).

    The reference to the tenure is held by triggers: as a declared one it would make SQLite delete row by row, four times
    slower, for a check that a deletion does not need. ``due``: the key's first column, which the tenure has too.
    """
    if schema_editor.connection.vendor != "sqlite":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = %s", [table])
        (made,) = cursor.fetchone()
    ordered = made.replace(f'"{table}"', f'"{table}_ordered"', 1).replace(_TENURE_REFERENCE, "") + " WITHOUT ROWID"
    for statement in (
        ordered,
        f'INSERT INTO "{table}_ordered" SELECT * FROM "{table}"',
        f'DROP TABLE "{table}"',
        f'ALTER TABLE "{table}_ordered" RENAME TO "{table}"',
        *(trigger.format(table=table, due=due) for trigger in _REFERS_TO_TENURE),
    ):
        schema_editor.execute(statement)


_MEMBERSHIPS = (("numbers_pendingrelease", "reclaim_until"), ("numbers_quarantine", "quarantine_until"))
_OF_TENURE = (
    "numbers_tenure_rests",
    "numbers_quarantine_stays",
    *(f"{table}_{what}" for table, _ in _MEMBERSHIPS for what in ("refers", "still_refers", "referred")),
)


def take_off_tenure(schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Drop all triggers that name the tenures, before SQLite makes that table anew: it would lose them, or stumble over them."""
    if schema_editor.connection.vendor == "sqlite":
        for name in _OF_TENURE:
            schema_editor.execute(f"DROP TRIGGER {name}")


def put_back_on_tenure(schema_editor: BaseDatabaseSchemaEditor) -> None:
    """All of them again, as they are now; on PostgreSQL, which lost none, the one that has changed."""
    create(schema_editor, TENURE_RESTS)
    if schema_editor.connection.vendor == "sqlite":
        create(schema_editor, QUARANTINE_STAYS)
        for table, due in _MEMBERSHIPS:
            for trigger in _REFERS_TO_TENURE:
                schema_editor.execute(trigger.format(table=table, due=due))
