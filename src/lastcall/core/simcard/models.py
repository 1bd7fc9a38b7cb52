"""Django's view of this package's rows: columns, constraints, migrations. Services use the rows themselves."""
