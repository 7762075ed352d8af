-- A run whose end was asked for, since when. Kept before anything is done about it, so that a crash does not forget it.
alter table runs add column cancel_asked_at timestamptz;
