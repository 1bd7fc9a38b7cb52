"""Django's view of this package's rows: columns, constraints, migrations. Services use the rows themselves."""

from __future__ import annotations

from lastcall.core.relying import allowance, asked_number, consumer, consumer_key, signing_key, used_assertion
from lastcall.core.rows import model_of

Consumer = model_of(consumer.Consumer, module=__name__)
ConsumerKey = model_of(consumer_key.ConsumerKey, module=__name__)
SigningKey = model_of(signing_key.SigningKey, module=__name__)
UsedAssertion = model_of(used_assertion.UsedAssertion, module=__name__)
Allowance = model_of(allowance.Allowance, module=__name__)
Asked = model_of(asked_number.Asked, module=__name__)
Gathered = model_of(asked_number.Gathered, module=__name__)
