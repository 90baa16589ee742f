CREATE TABLE `application` (
	`tenant` text NOT NULL,
	`uid` text NOT NULL,
	`namespace` text NOT NULL,
	`name` text NOT NULL,
	`state` text NOT NULL,
	`generation` integer NOT NULL,
	`resource_version` integer NOT NULL,
	`revision` integer NOT NULL,
	`latest_revision` integer NOT NULL,
	`spec_hash` text NOT NULL,
	`metadata` text NOT NULL,
	`services` text,
	`run` text NOT NULL,
	`run_count` integer NOT NULL,
	`status` text NOT NULL,
	`event_seq` integer NOT NULL,
	`lease_owner` text,
	`lease_run` text,
	`lease_until` integer,
	`epoch` integer NOT NULL,
	`write_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`deletion_requested_at` integer,
	`removed_at` integer,
	PRIMARY KEY(`tenant`, `uid`),
	FOREIGN KEY (`tenant`) REFERENCES `tenant`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `application_by_name` ON `application` (`tenant`,`namespace`,`name`) WHERE removed_at is null;--> statement-breakpoint
CREATE INDEX `application_by_lease` ON `application` (`tenant`,`lease_until`) WHERE lease_until is not null;--> statement-breakpoint
CREATE INDEX `application_removed` ON `application` (`removed_at`) WHERE removed_at is not null;--> statement-breakpoint
CREATE TABLE `application_label` (
	`tenant` text NOT NULL,
	`application` text NOT NULL,
	`name` text NOT NULL,
	`value` text NOT NULL,
	PRIMARY KEY(`tenant`, `application`, `name`),
	FOREIGN KEY (`tenant`,`application`) REFERENCES `application`(`tenant`,`uid`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `application_label_by_value` ON `application_label` (`tenant`,`name`,`value`,`application`);--> statement-breakpoint
CREATE TABLE `definition` (
	`tenant` text NOT NULL,
	`kind` text NOT NULL,
	`namespace` text NOT NULL,
	`name` text NOT NULL,
	`version` text NOT NULL,
	`sequence` integer NOT NULL,
	`format` text NOT NULL,
	`source` text NOT NULL,
	`content_hash` text NOT NULL,
	`write_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`deleted_at` integer,
	PRIMARY KEY(`tenant`, `kind`, `namespace`, `name`, `sequence`),
	FOREIGN KEY (`tenant`) REFERENCES `tenant`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `definition_by_version` ON `definition` (`tenant`,`kind`,`namespace`,`name`,`version`) WHERE deleted_at is null;--> statement-breakpoint
CREATE TABLE `revision` (
	`tenant` text NOT NULL,
	`application` text NOT NULL,
	`number` integer NOT NULL,
	`spec_hash` text NOT NULL,
	`content` text NOT NULL,
	`pins` text NOT NULL,
	`engine` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`tenant`, `application`, `number`),
	FOREIGN KEY (`tenant`,`application`) REFERENCES `application`(`tenant`,`uid`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `status` (
	`tenant` text NOT NULL,
	`id` text NOT NULL,
	`application` text NOT NULL,
	`visibility` text NOT NULL,
	`summary` text NOT NULL,
	`version` integer NOT NULL,
	`write_id` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`tenant`, `id`),
	FOREIGN KEY (`tenant`,`application`) REFERENCES `application`(`tenant`,`uid`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `status_by_application` ON `status` (`tenant`,`application`);--> statement-breakpoint
CREATE TABLE `agent` (
	`tenant` text NOT NULL,
	`id` text NOT NULL,
	`cluster` text NOT NULL,
	`public_key` text NOT NULL,
	`state` text NOT NULL,
	`counter` integer NOT NULL,
	`version` text NOT NULL,
	`write_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`last_seen_at` integer,
	PRIMARY KEY(`tenant`, `id`),
	FOREIGN KEY (`tenant`,`cluster`) REFERENCES `cluster`(`tenant`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `agent_by_cluster` ON `agent` (`tenant`,`cluster`);--> statement-breakpoint
CREATE TABLE `bundle` (
	`tenant` text NOT NULL,
	`application` text NOT NULL,
	`cluster_tenant` text NOT NULL,
	`cluster` text NOT NULL,
	`sequence` integer NOT NULL,
	`run` text NOT NULL,
	`revision` integer NOT NULL,
	`epoch` integer NOT NULL,
	`envelope` text NOT NULL,
	`objects` text NOT NULL,
	`previous_sequence` integer,
	`previous_envelope` text,
	`previous_objects` text,
	`reported_sequence` integer NOT NULL,
	`reported_at` integer,
	`write_id` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`tenant`, `application`, `cluster_tenant`, `cluster`),
	FOREIGN KEY (`tenant`,`application`) REFERENCES `application`(`tenant`,`uid`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`cluster_tenant`,`cluster`,`tenant`) REFERENCES `cluster_grant`(`tenant`,`cluster`,`grantee`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`tenant`,`objects`) REFERENCES `blob`(`tenant`,`address`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`tenant`,`previous_objects`) REFERENCES `blob`(`tenant`,`address`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `bundle_by_cluster` ON `bundle` (`cluster_tenant`,`cluster`,`tenant`,`application`);--> statement-breakpoint
CREATE INDEX `bundle_by_objects` ON `bundle` (`tenant`,`objects`);--> statement-breakpoint
CREATE INDEX `bundle_by_previous_objects` ON `bundle` (`tenant`,`previous_objects`);--> statement-breakpoint
CREATE TABLE `cluster` (
	`tenant` text NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`state` text NOT NULL,
	`labels` text NOT NULL,
	`taints` text NOT NULL,
	`kubernetes` text NOT NULL,
	`capabilities` text NOT NULL,
	`resource_version` integer NOT NULL,
	`write_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`accepted_at` integer,
	`last_seen_at` integer,
	PRIMARY KEY(`tenant`, `id`),
	FOREIGN KEY (`tenant`) REFERENCES `tenant`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `cluster_by_name` ON `cluster` (`tenant`,`name`);--> statement-breakpoint
CREATE INDEX `cluster_by_beat` ON `cluster` (`last_seen_at`) WHERE state = 'active';--> statement-breakpoint
CREATE TABLE `cluster_grant` (
	`tenant` text NOT NULL,
	`cluster` text NOT NULL,
	`grantee` text NOT NULL,
	`name` text NOT NULL,
	`cluster_scoped_account` text,
	`write_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`revoked_at` integer,
	PRIMARY KEY(`tenant`, `cluster`, `grantee`),
	FOREIGN KEY (`tenant`,`cluster`) REFERENCES `cluster`(`tenant`,`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`grantee`) REFERENCES `tenant`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `cluster_grant_by_name` ON `cluster_grant` (`grantee`,`name`) WHERE revoked_at is null;--> statement-breakpoint
CREATE TABLE `enrolment` (
	`tenant` text NOT NULL,
	`token_hash` text NOT NULL,
	`cluster` text NOT NULL,
	`agent` text,
	`public_key` text,
	`write_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer,
	PRIMARY KEY(`tenant`, `token_hash`),
	FOREIGN KEY (`tenant`,`cluster`) REFERENCES `cluster`(`tenant`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `enrolment_by_expiry` ON `enrolment` (`expires_at`);--> statement-breakpoint
CREATE TABLE `grant_namespace` (
	`tenant` text NOT NULL,
	`cluster` text NOT NULL,
	`namespace` text NOT NULL,
	`grantee` text NOT NULL,
	`service_account` text NOT NULL,
	PRIMARY KEY(`tenant`, `cluster`, `namespace`),
	FOREIGN KEY (`tenant`,`cluster`,`grantee`) REFERENCES `cluster_grant`(`tenant`,`cluster`,`grantee`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `inventory` (
	`tenant` text NOT NULL,
	`application` text NOT NULL,
	`cluster_tenant` text NOT NULL,
	`cluster` text NOT NULL,
	`ref` text NOT NULL,
	`api_version` text NOT NULL,
	`component` text NOT NULL,
	`wanted` text NOT NULL,
	`sequence` integer NOT NULL,
	`sha256` text NOT NULL,
	`outcome` text NOT NULL,
	`health` text NOT NULL,
	`reason` text NOT NULL,
	`reported_sequence` integer NOT NULL,
	`message` text,
	`health_message` text,
	`drift` text,
	`live` text,
	`reported_at` integer,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`tenant`, `application`, `cluster_tenant`, `cluster`, `ref`),
	FOREIGN KEY (`tenant`,`application`,`cluster_tenant`,`cluster`) REFERENCES `bundle`(`tenant`,`application`,`cluster_tenant`,`cluster`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `plan` (
	`tenant` text NOT NULL,
	`id` text NOT NULL,
	`cluster` text,
	`state` text NOT NULL,
	`request` text NOT NULL,
	`result` text,
	`write_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	PRIMARY KEY(`tenant`, `id`),
	FOREIGN KEY (`tenant`) REFERENCES `tenant`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `plan_by_expiry` ON `plan` (`expires_at`);--> statement-breakpoint
CREATE TABLE `delivery` (
	`tenant` text NOT NULL,
	`id` text NOT NULL,
	`receiver` text NOT NULL,
	`delivery_id` text NOT NULL,
	`event` text NOT NULL,
	`body_hash` text NOT NULL,
	`payload` text NOT NULL,
	`state` text NOT NULL,
	`attempt` integer NOT NULL,
	`lease_until` integer,
	`replay_of` text,
	`commit_id` text,
	`runs` text NOT NULL,
	`problem` text,
	`write_id` text NOT NULL,
	`received_at` integer NOT NULL,
	`finished_at` integer,
	PRIMARY KEY(`tenant`, `id`),
	FOREIGN KEY (`tenant`,`receiver`) REFERENCES `receiver`(`tenant`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `delivery_once` ON `delivery` (`tenant`,`receiver`,`delivery_id`) WHERE replay_of is null;--> statement-breakpoint
CREATE INDEX `delivery_by_body` ON `delivery` (`tenant`,`receiver`,`body_hash`,`received_at`);--> statement-breakpoint
CREATE INDEX `delivery_by_age` ON `delivery` (`received_at`);--> statement-breakpoint
CREATE TABLE `receiver` (
	`tenant` text NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`kind` text NOT NULL,
	`repository` text NOT NULL,
	`ref` text NOT NULL,
	`path` text NOT NULL,
	`namespace` text NOT NULL,
	`secret` text NOT NULL,
	`resource_version` integer NOT NULL,
	`write_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`tenant`, `id`),
	FOREIGN KEY (`tenant`) REFERENCES `tenant`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `receiver_by_name` ON `receiver` (`tenant`,`name`);--> statement-breakpoint
CREATE TABLE `approval` (
	`tenant` text NOT NULL,
	`run` text NOT NULL,
	`step` text NOT NULL,
	`state` text NOT NULL,
	`request` text NOT NULL,
	`actor_kind` text,
	`actor_id` text,
	`comment` text,
	`write_id` text NOT NULL,
	`requested_at` integer NOT NULL,
	`decided_at` integer,
	PRIMARY KEY(`tenant`, `run`, `step`),
	FOREIGN KEY (`tenant`,`run`) REFERENCES `run`(`tenant`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `journal` (
	`tenant` text NOT NULL,
	`run` text NOT NULL,
	`step` text NOT NULL,
	`path` text NOT NULL,
	`hash` text NOT NULL,
	`attempt` integer NOT NULL,
	`kind` text NOT NULL,
	`result` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`tenant`, `run`, `step`, `path`, `hash`, `attempt`),
	FOREIGN KEY (`tenant`,`run`) REFERENCES `run`(`tenant`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `outbox` (
	`tenant` text NOT NULL,
	`kind` text NOT NULL,
	`subject` text NOT NULL,
	`version` integer NOT NULL,
	`send_at` integer NOT NULL,
	`attempts` integer NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`tenant`, `kind`, `subject`),
	FOREIGN KEY (`tenant`) REFERENCES `tenant`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `outbox_by_time` ON `outbox` (`send_at`);--> statement-breakpoint
CREATE TABLE `rendering` (
	`tenant` text NOT NULL,
	`run` text NOT NULL,
	`cluster` text NOT NULL,
	`namespace` text NOT NULL,
	`replica_key` text NOT NULL,
	`objects` text NOT NULL,
	`count` integer NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`tenant`, `run`, `cluster`, `namespace`, `replica_key`),
	FOREIGN KEY (`tenant`,`run`) REFERENCES `run`(`tenant`,`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`tenant`,`objects`) REFERENCES `blob`(`tenant`,`address`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `rendering_by_objects` ON `rendering` (`tenant`,`objects`);--> statement-breakpoint
CREATE TABLE `run` (
	`tenant` text NOT NULL,
	`id` text NOT NULL,
	`application` text NOT NULL,
	`number` integer NOT NULL,
	`revision` integer NOT NULL,
	`kind` text NOT NULL,
	`rendered_by` text,
	`phase` text NOT NULL,
	`state` text,
	`version` integer NOT NULL,
	`attempt` integer NOT NULL,
	`due_at` integer,
	`write_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`started_at` integer,
	`finished_at` integer,
	`journal_blob` text,
	`packed_at` integer,
	PRIMARY KEY(`tenant`, `id`),
	FOREIGN KEY (`tenant`,`application`,`revision`) REFERENCES `revision`(`tenant`,`application`,`number`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`tenant`,`journal_blob`) REFERENCES `blob`(`tenant`,`address`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `run_by_application` ON `run` (`tenant`,`application`,`number`);--> statement-breakpoint
CREATE INDEX `run_due` ON `run` (`tenant`,`due_at`) WHERE due_at is not null;--> statement-breakpoint
CREATE INDEX `run_unfinished` ON `run` (`tenant`,`application`) WHERE finished_at is null;--> statement-breakpoint
CREATE INDEX `run_unpacked` ON `run` (`finished_at`) WHERE packed_at is null and finished_at is not null;--> statement-breakpoint
CREATE INDEX `run_by_journal` ON `run` (`tenant`,`journal_blob`) WHERE journal_blob is not null;--> statement-breakpoint
CREATE TABLE `run_event` (
	`tenant` text NOT NULL,
	`application` text NOT NULL,
	`seq` integer NOT NULL,
	`run` text NOT NULL,
	`kind` text NOT NULL,
	`payload` text NOT NULL,
	`created_at` integer NOT NULL,
	`consumed_at` integer,
	PRIMARY KEY(`tenant`, `application`, `seq`),
	FOREIGN KEY (`tenant`,`run`) REFERENCES `run`(`tenant`,`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`tenant`,`application`) REFERENCES `application`(`tenant`,`uid`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `run_event_by_run` ON `run_event` (`tenant`,`run`,`seq`);--> statement-breakpoint
CREATE INDEX `run_event_pending` ON `run_event` (`tenant`,`run`) WHERE consumed_at is null;--> statement-breakpoint
CREATE INDEX `run_event_by_age` ON `run_event` (`created_at`);--> statement-breakpoint
CREATE TABLE `run_step` (
	`tenant` text NOT NULL,
	`run` text NOT NULL,
	`step` text NOT NULL,
	`cluster` text NOT NULL,
	`namespace` text NOT NULL,
	`replica_key` text NOT NULL,
	`position` integer NOT NULL,
	`type` text NOT NULL,
	`phase` text NOT NULL,
	`reason` text NOT NULL,
	`message` text,
	`attempt` integer NOT NULL,
	`first_at` integer,
	`last_at` integer,
	PRIMARY KEY(`tenant`, `run`, `step`, `cluster`, `namespace`, `replica_key`),
	FOREIGN KEY (`tenant`,`run`) REFERENCES `run`(`tenant`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `api_key` (
	`tenant` text NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`hash` text NOT NULL,
	`subject_kind` text NOT NULL,
	`subject_id` text NOT NULL,
	`roles` text NOT NULL,
	`scopes` text NOT NULL,
	`hint` text NOT NULL,
	`write_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer,
	`revoked_at` integer,
	`last_used_at` integer,
	PRIMARY KEY(`tenant`, `id`),
	FOREIGN KEY (`tenant`) REFERENCES `tenant`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `audit` (
	`tenant` text NOT NULL,
	`seq` integer NOT NULL,
	`at` integer NOT NULL,
	`actor_kind` text NOT NULL,
	`actor_id` text NOT NULL,
	`action` text NOT NULL,
	`subject_kind` text NOT NULL,
	`subject` text NOT NULL,
	`detail` text NOT NULL,
	`seal` text,
	PRIMARY KEY(`tenant`, `seq`),
	FOREIGN KEY (`tenant`) REFERENCES `tenant`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `blob` (
	`tenant` text NOT NULL,
	`address` text NOT NULL,
	`size` integer NOT NULL,
	`chunks` integer NOT NULL,
	`created_at` integer NOT NULL,
	`touched_at` integer NOT NULL,
	PRIMARY KEY(`tenant`, `address`),
	FOREIGN KEY (`tenant`) REFERENCES `tenant`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `blob_by_touch` ON `blob` (`touched_at`);--> statement-breakpoint
CREATE TABLE `blob_chunk` (
	`tenant` text NOT NULL,
	`address` text NOT NULL,
	`n` integer NOT NULL,
	`data` text NOT NULL,
	PRIMARY KEY(`tenant`, `address`, `n`),
	FOREIGN KEY (`tenant`,`address`) REFERENCES `blob`(`tenant`,`address`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `directory` (
	`kind` text NOT NULL,
	`id` text NOT NULL,
	`tenant` text NOT NULL,
	`shard` text NOT NULL,
	`target` text NOT NULL,
	PRIMARY KEY(`kind`, `id`),
	FOREIGN KEY (`tenant`) REFERENCES `tenant`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `directory_by_tenant` ON `directory` (`tenant`);--> statement-breakpoint
CREATE TABLE `idempotency` (
	`tenant` text NOT NULL,
	`key` text NOT NULL,
	`request_hash` text NOT NULL,
	`token` text NOT NULL,
	`state` text NOT NULL,
	`response` text,
	`locked_until` integer NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	PRIMARY KEY(`tenant`, `key`),
	FOREIGN KEY (`tenant`) REFERENCES `tenant`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `idempotency_by_expiry` ON `idempotency` (`expires_at`);--> statement-breakpoint
CREATE TABLE `tenant` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`display_name` text NOT NULL,
	`data_keys` text NOT NULL,
	`status_default` text NOT NULL,
	`settings` text NOT NULL,
	`local_cluster_tenant` text,
	`local_cluster` text,
	`audit_seq` integer NOT NULL,
	`audit_sealed_seq` integer NOT NULL,
	`audit_seal` text,
	`resource_version` integer NOT NULL,
	`write_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `tenant_by_name` ON `tenant` (`name`);--> statement-breakpoint
CREATE TABLE `write_assert` (
	`tenant` text PRIMARY KEY NOT NULL,
	`held` integer NOT NULL
);
