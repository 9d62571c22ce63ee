-- Transfers, entries and mandates in the order in which they were entered, for programs that go through them (K16). Ids
-- are handed out in blocks: their order says nothing.
CREATE INDEX claims_deposit_walk ON claims_deposit (operator_id, entered_us, id);
CREATE INDEX claims_deposit_walk_open ON claims_deposit (operator_id, entered_us, id) WHERE holder IS NULL;
CREATE INDEX claims_deposit_walk_of ON claims_deposit (holder, entered_us, id);
CREATE INDEX claims_account_entry_walk ON claims_account_entry (holder, at_us, id);
CREATE INDEX claims_mandate_walk_agent ON claims_mandate (agent, entered_us, id);
CREATE INDEX claims_mandate_walk_provider ON claims_mandate (provider, entered_us, id);
