-- A digest of what could not be told in time was stored with the name of its reason.
UPDATE deliveries SET error = '["came_late"]' WHERE error = '{_CAME_LATE}';
