-- The rows that queries.txt asks for. There, now is 2026-01-08T00:00:00Z.
INSERT INTO traces(timestamp, message, severityLevel, customDimensions, customMeasurements, operation_Id, cloud_RoleName, itemCount) VALUES
('2026-01-02T03:04:05.6789012Z', 'order placed', 1, '{"Level":"INFO","parent_run_id":"931024c2-3720-11ea-b247-c49deda841c1","run_type":"training","items":"3","x y":"blank","a.b":"dotted","quote\"d":"q","lineNumber":"214"}', '{"total":12.5,"count":3}', 'op-1', 'shop.cart', 1),
('2026-01-02T03:30:00.0000000Z', 'Disk FULL on sda_1', 3, '{"Level":"ERROR","parent_run_id":"931024c2-3720-11ea-b247-c49deda841c1","run_type":"scoring","items":"10"}', NULL, 'op-1', 'shop.cart', 1),
('2026-01-07T23:59:59.9999999Z', 'disk almost full', 2, '{"Level":"WARNING","run_type":"training","items":"10"}', '{"total":7}', 'op-2', 'shop.disk', 1),
('2025-12-01T00:00:00.0000000Z', 'old error', 3, '{"Level":"ERROR","run_type":"training"}', NULL, NULL, 'shop.disk', 1),
('2026-01-07T12:00:00.0000000Z', '', 0, '{}', NULL, '', NULL, 1),
('2026-01-07T12:30:00.0000000Z', NULL, NULL, NULL, NULL, NULL, NULL, 4),
('2026-01-05T10:15:30.5000000Z', 'it''s a "quoted" text' || char(10) || 'of two lines', 1, '{"Level":"error","ok":"true","ratio":"0.5","when":"2026-01-05T10:00:00Z","took":"00:00:02.5","escaped":"tab\tand \"quotes\""}', '{"total":0.5}', 'op-2', 'shop.cart', 2),
('2026-01-06T08:00:00.0000000Z', 'ÄÖÜ größe 日本', 4, '{"Level":"CRITICAL","ключ":"значение","ok":"false"}', NULL, 'op-3', 'shop.cart', 1);
INSERT INTO exceptions(timestamp, outerMessage, type, problemId, details, severityLevel, customDimensions, operation_Id) VALUES
('2026-01-02T03:31:00.0000000Z', 'short read', 'io_error', 'io_error at read_block', '[{"type":"io_error","message":"short read","parsedStack":[{"level":0,"method":"read_block","line":88}]},{"type":"errno.EIO","message":"Input/output error"}]', 3, '{"Level":"ERROR","device":"sda"}', 'op-1'),
('2026-01-06T09:00:00.0000000Z', 'no such key', 'key_error', 'key_error', '[{"type":"key_error","message":"no such key"}]', 4, '{"Level":"CRITICAL"}', 'op-3');
INSERT INTO customEvents(timestamp, name, customDimensions, customMeasurements) VALUES
('2026-01-03T00:00:00.0000000Z', 'checkout.completed', '{"currency":"EUR"}', '{"total":99.5}'),
('2026-01-03T01:00:00.0000000Z', 'checkout.aborted', '{"currency":"USD"}', NULL);
INSERT INTO availabilityResults(timestamp, id, name, location, success, duration) VALUES
('2026-01-04T00:00:00.0000000Z', 'run-1', 'ping', 'West Europe', 'True', 1500),
('2026-01-04T00:05:00.0000000Z', 'run-2', 'ping', 'West Europe', 'False', 30000.5);
