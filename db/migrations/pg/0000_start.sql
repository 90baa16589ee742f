CREATE TABLE "application" (
	"tenant" text collate "C" NOT NULL,
	"uid" text collate "C" NOT NULL,
	"namespace" text collate "C" NOT NULL,
	"name" text collate "C" NOT NULL,
	"state" text collate "C" NOT NULL,
	"generation" bigint NOT NULL,
	"resource_version" bigint NOT NULL,
	"revision" bigint NOT NULL,
	"latest_revision" bigint NOT NULL,
	"spec_hash" text collate "C" NOT NULL,
	"metadata" text collate "C" NOT NULL,
	"services" text collate "C",
	"run" text collate "C" NOT NULL,
	"run_count" bigint NOT NULL,
	"status" text collate "C" NOT NULL,
	"event_seq" bigint NOT NULL,
	"lease_owner" text collate "C",
	"lease_run" text collate "C",
	"lease_until" bigint,
	"epoch" bigint NOT NULL,
	"write_id" text collate "C" NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL,
	"deletion_requested_at" bigint,
	"removed_at" bigint,
	CONSTRAINT "application_pk" PRIMARY KEY("tenant","uid")
);
--> statement-breakpoint
CREATE TABLE "application_label" (
	"tenant" text collate "C" NOT NULL,
	"application" text collate "C" NOT NULL,
	"name" text collate "C" NOT NULL,
	"value" text collate "C" NOT NULL,
	CONSTRAINT "application_label_pk" PRIMARY KEY("tenant","application","name")
);
--> statement-breakpoint
CREATE TABLE "definition" (
	"tenant" text collate "C" NOT NULL,
	"kind" text collate "C" NOT NULL,
	"namespace" text collate "C" NOT NULL,
	"name" text collate "C" NOT NULL,
	"version" text collate "C" NOT NULL,
	"sequence" bigint NOT NULL,
	"format" text collate "C" NOT NULL,
	"source" text collate "C" NOT NULL,
	"content_hash" text collate "C" NOT NULL,
	"write_id" text collate "C" NOT NULL,
	"created_at" bigint NOT NULL,
	"deleted_at" bigint,
	CONSTRAINT "definition_pk" PRIMARY KEY("tenant","kind","namespace","name","sequence")
);
--> statement-breakpoint
CREATE TABLE "revision" (
	"tenant" text collate "C" NOT NULL,
	"application" text collate "C" NOT NULL,
	"number" bigint NOT NULL,
	"spec_hash" text collate "C" NOT NULL,
	"content" text collate "C" NOT NULL,
	"pins" text collate "C" NOT NULL,
	"engine" text collate "C" NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "revision_pk" PRIMARY KEY("tenant","application","number")
);
--> statement-breakpoint
CREATE TABLE "status" (
	"tenant" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"application" text collate "C" NOT NULL,
	"visibility" text collate "C" NOT NULL,
	"summary" text collate "C" NOT NULL,
	"version" bigint NOT NULL,
	"write_id" text collate "C" NOT NULL,
	"updated_at" bigint NOT NULL,
	CONSTRAINT "status_pk" PRIMARY KEY("tenant","id")
);
--> statement-breakpoint
CREATE TABLE "agent" (
	"tenant" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"cluster" text collate "C" NOT NULL,
	"public_key" text collate "C" NOT NULL,
	"state" text collate "C" NOT NULL,
	"counter" bigint NOT NULL,
	"version" text collate "C" NOT NULL,
	"write_id" text collate "C" NOT NULL,
	"created_at" bigint NOT NULL,
	"last_seen_at" bigint,
	CONSTRAINT "agent_pk" PRIMARY KEY("tenant","id")
);
--> statement-breakpoint
CREATE TABLE "bundle" (
	"tenant" text collate "C" NOT NULL,
	"application" text collate "C" NOT NULL,
	"cluster_tenant" text collate "C" NOT NULL,
	"cluster" text collate "C" NOT NULL,
	"sequence" bigint NOT NULL,
	"run" text collate "C" NOT NULL,
	"revision" bigint NOT NULL,
	"epoch" bigint NOT NULL,
	"envelope" text collate "C" NOT NULL,
	"objects" text collate "C" NOT NULL,
	"previous_sequence" bigint,
	"previous_envelope" text collate "C",
	"previous_objects" text collate "C",
	"reported_sequence" bigint NOT NULL,
	"reported_at" bigint,
	"write_id" text collate "C" NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "bundle_pk" PRIMARY KEY("tenant","application","cluster_tenant","cluster")
);
--> statement-breakpoint
CREATE TABLE "cluster" (
	"tenant" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"name" text collate "C" NOT NULL,
	"state" text collate "C" NOT NULL,
	"labels" text collate "C" NOT NULL,
	"taints" text collate "C" NOT NULL,
	"kubernetes" text collate "C" NOT NULL,
	"capabilities" text collate "C" NOT NULL,
	"resource_version" bigint NOT NULL,
	"write_id" text collate "C" NOT NULL,
	"created_at" bigint NOT NULL,
	"accepted_at" bigint,
	"last_seen_at" bigint,
	CONSTRAINT "cluster_pk" PRIMARY KEY("tenant","id")
);
--> statement-breakpoint
CREATE TABLE "cluster_grant" (
	"tenant" text collate "C" NOT NULL,
	"cluster" text collate "C" NOT NULL,
	"grantee" text collate "C" NOT NULL,
	"name" text collate "C" NOT NULL,
	"cluster_scoped_account" text collate "C",
	"write_id" text collate "C" NOT NULL,
	"created_at" bigint NOT NULL,
	"revoked_at" bigint,
	CONSTRAINT "cluster_grant_pk" PRIMARY KEY("tenant","cluster","grantee")
);
--> statement-breakpoint
CREATE TABLE "enrolment" (
	"tenant" text collate "C" NOT NULL,
	"token_hash" text collate "C" NOT NULL,
	"cluster" text collate "C" NOT NULL,
	"agent" text collate "C",
	"public_key" text collate "C",
	"write_id" text collate "C" NOT NULL,
	"created_at" bigint NOT NULL,
	"expires_at" bigint NOT NULL,
	"used_at" bigint,
	CONSTRAINT "enrolment_pk" PRIMARY KEY("tenant","token_hash")
);
--> statement-breakpoint
CREATE TABLE "grant_namespace" (
	"tenant" text collate "C" NOT NULL,
	"cluster" text collate "C" NOT NULL,
	"namespace" text collate "C" NOT NULL,
	"grantee" text collate "C" NOT NULL,
	"service_account" text collate "C" NOT NULL,
	CONSTRAINT "grant_namespace_pk" PRIMARY KEY("tenant","cluster","namespace")
);
--> statement-breakpoint
CREATE TABLE "inventory" (
	"tenant" text collate "C" NOT NULL,
	"application" text collate "C" NOT NULL,
	"cluster_tenant" text collate "C" NOT NULL,
	"cluster" text collate "C" NOT NULL,
	"ref" text collate "C" NOT NULL,
	"api_version" text collate "C" NOT NULL,
	"component" text collate "C" NOT NULL,
	"wanted" text collate "C" NOT NULL,
	"sequence" bigint NOT NULL,
	"sha256" text collate "C" NOT NULL,
	"outcome" text collate "C" NOT NULL,
	"health" text collate "C" NOT NULL,
	"reason" text collate "C" NOT NULL,
	"reported_sequence" bigint NOT NULL,
	"message" text collate "C",
	"health_message" text collate "C",
	"drift" text collate "C",
	"live" text collate "C",
	"reported_at" bigint,
	"created_at" bigint NOT NULL,
	CONSTRAINT "inventory_pk" PRIMARY KEY("tenant","application","cluster_tenant","cluster","ref")
);
--> statement-breakpoint
CREATE TABLE "plan" (
	"tenant" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"cluster" text collate "C",
	"state" text collate "C" NOT NULL,
	"request" text collate "C" NOT NULL,
	"result" text collate "C",
	"write_id" text collate "C" NOT NULL,
	"created_at" bigint NOT NULL,
	"expires_at" bigint NOT NULL,
	CONSTRAINT "plan_pk" PRIMARY KEY("tenant","id")
);
--> statement-breakpoint
CREATE TABLE "delivery" (
	"tenant" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"receiver" text collate "C" NOT NULL,
	"delivery_id" text collate "C" NOT NULL,
	"event" text collate "C" NOT NULL,
	"body_hash" text collate "C" NOT NULL,
	"payload" text collate "C" NOT NULL,
	"state" text collate "C" NOT NULL,
	"attempt" bigint NOT NULL,
	"lease_until" bigint,
	"replay_of" text collate "C",
	"commit_id" text collate "C",
	"runs" text collate "C" NOT NULL,
	"problem" text collate "C",
	"write_id" text collate "C" NOT NULL,
	"received_at" bigint NOT NULL,
	"finished_at" bigint,
	CONSTRAINT "delivery_pk" PRIMARY KEY("tenant","id")
);
--> statement-breakpoint
CREATE TABLE "receiver" (
	"tenant" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"name" text collate "C" NOT NULL,
	"kind" text collate "C" NOT NULL,
	"repository" text collate "C" NOT NULL,
	"ref" text collate "C" NOT NULL,
	"path" text collate "C" NOT NULL,
	"namespace" text collate "C" NOT NULL,
	"secret" text collate "C" NOT NULL,
	"resource_version" bigint NOT NULL,
	"write_id" text collate "C" NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL,
	CONSTRAINT "receiver_pk" PRIMARY KEY("tenant","id")
);
--> statement-breakpoint
CREATE TABLE "approval" (
	"tenant" text collate "C" NOT NULL,
	"run" text collate "C" NOT NULL,
	"step" text collate "C" NOT NULL,
	"state" text collate "C" NOT NULL,
	"request" text collate "C" NOT NULL,
	"actor_kind" text collate "C",
	"actor_id" text collate "C",
	"comment" text collate "C",
	"write_id" text collate "C" NOT NULL,
	"requested_at" bigint NOT NULL,
	"decided_at" bigint,
	CONSTRAINT "approval_pk" PRIMARY KEY("tenant","run","step")
);
--> statement-breakpoint
CREATE TABLE "journal" (
	"tenant" text collate "C" NOT NULL,
	"run" text collate "C" NOT NULL,
	"step" text collate "C" NOT NULL,
	"path" text collate "C" NOT NULL,
	"hash" text collate "C" NOT NULL,
	"attempt" bigint NOT NULL,
	"kind" text collate "C" NOT NULL,
	"result" text collate "C" NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "journal_pk" PRIMARY KEY("tenant","run","step","path","hash","attempt")
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"tenant" text collate "C" NOT NULL,
	"kind" text collate "C" NOT NULL,
	"subject" text collate "C" NOT NULL,
	"version" bigint NOT NULL,
	"send_at" bigint NOT NULL,
	"attempts" bigint NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "outbox_pk" PRIMARY KEY("tenant","kind","subject")
);
--> statement-breakpoint
CREATE TABLE "rendering" (
	"tenant" text collate "C" NOT NULL,
	"run" text collate "C" NOT NULL,
	"cluster" text collate "C" NOT NULL,
	"namespace" text collate "C" NOT NULL,
	"replica_key" text collate "C" NOT NULL,
	"objects" text collate "C" NOT NULL,
	"count" bigint NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "rendering_pk" PRIMARY KEY("tenant","run","cluster","namespace","replica_key")
);
--> statement-breakpoint
CREATE TABLE "run" (
	"tenant" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"application" text collate "C" NOT NULL,
	"number" bigint NOT NULL,
	"revision" bigint NOT NULL,
	"kind" text collate "C" NOT NULL,
	"rendered_by" text collate "C",
	"phase" text collate "C" NOT NULL,
	"state" text collate "C",
	"version" bigint NOT NULL,
	"attempt" bigint NOT NULL,
	"due_at" bigint,
	"write_id" text collate "C" NOT NULL,
	"created_at" bigint NOT NULL,
	"started_at" bigint,
	"finished_at" bigint,
	"journal_blob" text collate "C",
	"packed_at" bigint,
	CONSTRAINT "run_pk" PRIMARY KEY("tenant","id")
);
--> statement-breakpoint
CREATE TABLE "run_event" (
	"tenant" text collate "C" NOT NULL,
	"application" text collate "C" NOT NULL,
	"seq" bigint NOT NULL,
	"run" text collate "C" NOT NULL,
	"kind" text collate "C" NOT NULL,
	"payload" text collate "C" NOT NULL,
	"created_at" bigint NOT NULL,
	"consumed_at" bigint,
	CONSTRAINT "run_event_pk" PRIMARY KEY("tenant","application","seq")
);
--> statement-breakpoint
CREATE TABLE "run_step" (
	"tenant" text collate "C" NOT NULL,
	"run" text collate "C" NOT NULL,
	"step" text collate "C" NOT NULL,
	"cluster" text collate "C" NOT NULL,
	"namespace" text collate "C" NOT NULL,
	"replica_key" text collate "C" NOT NULL,
	"position" bigint NOT NULL,
	"type" text collate "C" NOT NULL,
	"phase" text collate "C" NOT NULL,
	"reason" text collate "C" NOT NULL,
	"message" text collate "C",
	"attempt" bigint NOT NULL,
	"first_at" bigint,
	"last_at" bigint,
	CONSTRAINT "run_step_pk" PRIMARY KEY("tenant","run","step","cluster","namespace","replica_key")
);
--> statement-breakpoint
CREATE TABLE "api_key" (
	"tenant" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"name" text collate "C" NOT NULL,
	"hash" text collate "C" NOT NULL,
	"subject_kind" text collate "C" NOT NULL,
	"subject_id" text collate "C" NOT NULL,
	"roles" text collate "C" NOT NULL,
	"scopes" text collate "C" NOT NULL,
	"hint" text collate "C" NOT NULL,
	"write_id" text collate "C" NOT NULL,
	"created_at" bigint NOT NULL,
	"expires_at" bigint,
	"revoked_at" bigint,
	"last_used_at" bigint,
	CONSTRAINT "api_key_pk" PRIMARY KEY("tenant","id")
);
--> statement-breakpoint
CREATE TABLE "audit" (
	"tenant" text collate "C" NOT NULL,
	"seq" bigint NOT NULL,
	"at" bigint NOT NULL,
	"actor_kind" text collate "C" NOT NULL,
	"actor_id" text collate "C" NOT NULL,
	"action" text collate "C" NOT NULL,
	"subject_kind" text collate "C" NOT NULL,
	"subject" text collate "C" NOT NULL,
	"detail" text collate "C" NOT NULL,
	"seal" text collate "C",
	CONSTRAINT "audit_pk" PRIMARY KEY("tenant","seq")
);
--> statement-breakpoint
CREATE TABLE "blob" (
	"tenant" text collate "C" NOT NULL,
	"address" text collate "C" NOT NULL,
	"size" bigint NOT NULL,
	"chunks" bigint NOT NULL,
	"created_at" bigint NOT NULL,
	"touched_at" bigint NOT NULL,
	CONSTRAINT "blob_pk" PRIMARY KEY("tenant","address")
);
--> statement-breakpoint
CREATE TABLE "blob_chunk" (
	"tenant" text collate "C" NOT NULL,
	"address" text collate "C" NOT NULL,
	"n" bigint NOT NULL,
	"data" text collate "C" NOT NULL,
	CONSTRAINT "blob_chunk_pk" PRIMARY KEY("tenant","address","n")
);
--> statement-breakpoint
CREATE TABLE "directory" (
	"kind" text collate "C" NOT NULL,
	"id" text collate "C" NOT NULL,
	"tenant" text collate "C" NOT NULL,
	"shard" text collate "C" NOT NULL,
	"target" text collate "C" NOT NULL,
	CONSTRAINT "directory_pk" PRIMARY KEY("kind","id")
);
--> statement-breakpoint
CREATE TABLE "idempotency" (
	"tenant" text collate "C" NOT NULL,
	"key" text collate "C" NOT NULL,
	"request_hash" text collate "C" NOT NULL,
	"token" text collate "C" NOT NULL,
	"state" text collate "C" NOT NULL,
	"response" text collate "C",
	"locked_until" bigint NOT NULL,
	"created_at" bigint NOT NULL,
	"expires_at" bigint NOT NULL,
	CONSTRAINT "idempotency_pk" PRIMARY KEY("tenant","key")
);
--> statement-breakpoint
CREATE TABLE "tenant" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"name" text collate "C" NOT NULL,
	"display_name" text collate "C" NOT NULL,
	"data_keys" text collate "C" NOT NULL,
	"status_default" text collate "C" NOT NULL,
	"settings" text collate "C" NOT NULL,
	"local_cluster_tenant" text collate "C",
	"local_cluster" text collate "C",
	"audit_seq" bigint NOT NULL,
	"audit_sealed_seq" bigint NOT NULL,
	"audit_seal" text collate "C",
	"resource_version" bigint NOT NULL,
	"write_id" text collate "C" NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "write_assert" (
	"tenant" text collate "C" NOT NULL,
	"held" bigint NOT NULL,
	CONSTRAINT "write_assert_pk" PRIMARY KEY("tenant")
);
--> statement-breakpoint
ALTER TABLE "application" ADD CONSTRAINT "application_tenant" FOREIGN KEY ("tenant") REFERENCES "public"."tenant"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "application_label" ADD CONSTRAINT "application_label_application" FOREIGN KEY ("tenant","application") REFERENCES "public"."application"("tenant","uid") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "definition" ADD CONSTRAINT "definition_tenant" FOREIGN KEY ("tenant") REFERENCES "public"."tenant"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "revision" ADD CONSTRAINT "revision_application" FOREIGN KEY ("tenant","application") REFERENCES "public"."application"("tenant","uid") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "status" ADD CONSTRAINT "status_application" FOREIGN KEY ("tenant","application") REFERENCES "public"."application"("tenant","uid") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "agent" ADD CONSTRAINT "agent_cluster" FOREIGN KEY ("tenant","cluster") REFERENCES "public"."cluster"("tenant","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bundle" ADD CONSTRAINT "bundle_application" FOREIGN KEY ("tenant","application") REFERENCES "public"."application"("tenant","uid") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bundle" ADD CONSTRAINT "bundle_grant" FOREIGN KEY ("cluster_tenant","cluster","tenant") REFERENCES "public"."cluster_grant"("tenant","cluster","grantee") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bundle" ADD CONSTRAINT "bundle_blob" FOREIGN KEY ("tenant","objects") REFERENCES "public"."blob"("tenant","address") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bundle" ADD CONSTRAINT "bundle_previous_blob" FOREIGN KEY ("tenant","previous_objects") REFERENCES "public"."blob"("tenant","address") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cluster" ADD CONSTRAINT "cluster_tenant" FOREIGN KEY ("tenant") REFERENCES "public"."tenant"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cluster_grant" ADD CONSTRAINT "cluster_grant_cluster" FOREIGN KEY ("tenant","cluster") REFERENCES "public"."cluster"("tenant","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cluster_grant" ADD CONSTRAINT "cluster_grant_grantee" FOREIGN KEY ("grantee") REFERENCES "public"."tenant"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "enrolment" ADD CONSTRAINT "enrolment_cluster" FOREIGN KEY ("tenant","cluster") REFERENCES "public"."cluster"("tenant","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "grant_namespace" ADD CONSTRAINT "grant_namespace_grant" FOREIGN KEY ("tenant","cluster","grantee") REFERENCES "public"."cluster_grant"("tenant","cluster","grantee") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inventory" ADD CONSTRAINT "inventory_bundle" FOREIGN KEY ("tenant","application","cluster_tenant","cluster") REFERENCES "public"."bundle"("tenant","application","cluster_tenant","cluster") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan" ADD CONSTRAINT "plan_tenant" FOREIGN KEY ("tenant") REFERENCES "public"."tenant"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_receiver" FOREIGN KEY ("tenant","receiver") REFERENCES "public"."receiver"("tenant","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "receiver" ADD CONSTRAINT "receiver_tenant" FOREIGN KEY ("tenant") REFERENCES "public"."tenant"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approval" ADD CONSTRAINT "approval_run" FOREIGN KEY ("tenant","run") REFERENCES "public"."run"("tenant","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "journal" ADD CONSTRAINT "journal_run" FOREIGN KEY ("tenant","run") REFERENCES "public"."run"("tenant","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "outbox" ADD CONSTRAINT "outbox_tenant" FOREIGN KEY ("tenant") REFERENCES "public"."tenant"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rendering" ADD CONSTRAINT "rendering_run" FOREIGN KEY ("tenant","run") REFERENCES "public"."run"("tenant","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rendering" ADD CONSTRAINT "rendering_blob" FOREIGN KEY ("tenant","objects") REFERENCES "public"."blob"("tenant","address") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run" ADD CONSTRAINT "run_revision" FOREIGN KEY ("tenant","application","revision") REFERENCES "public"."revision"("tenant","application","number") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run" ADD CONSTRAINT "run_journal" FOREIGN KEY ("tenant","journal_blob") REFERENCES "public"."blob"("tenant","address") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_event" ADD CONSTRAINT "run_event_run" FOREIGN KEY ("tenant","run") REFERENCES "public"."run"("tenant","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_event" ADD CONSTRAINT "run_event_application" FOREIGN KEY ("tenant","application") REFERENCES "public"."application"("tenant","uid") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "run_step" ADD CONSTRAINT "run_step_run" FOREIGN KEY ("tenant","run") REFERENCES "public"."run"("tenant","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_tenant" FOREIGN KEY ("tenant") REFERENCES "public"."tenant"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audit" ADD CONSTRAINT "audit_tenant" FOREIGN KEY ("tenant") REFERENCES "public"."tenant"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "blob" ADD CONSTRAINT "blob_tenant" FOREIGN KEY ("tenant") REFERENCES "public"."tenant"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "blob_chunk" ADD CONSTRAINT "blob_chunk_blob" FOREIGN KEY ("tenant","address") REFERENCES "public"."blob"("tenant","address") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "directory" ADD CONSTRAINT "directory_tenant" FOREIGN KEY ("tenant") REFERENCES "public"."tenant"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "idempotency" ADD CONSTRAINT "idempotency_tenant" FOREIGN KEY ("tenant") REFERENCES "public"."tenant"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "application_by_name" ON "application" USING btree ("tenant","namespace","name") WHERE removed_at is null;--> statement-breakpoint
CREATE INDEX "application_by_lease" ON "application" USING btree ("tenant","lease_until") WHERE lease_until is not null;--> statement-breakpoint
CREATE INDEX "application_removed" ON "application" USING btree ("removed_at") WHERE removed_at is not null;--> statement-breakpoint
CREATE INDEX "application_label_by_value" ON "application_label" USING btree ("tenant","name","value","application");--> statement-breakpoint
CREATE UNIQUE INDEX "definition_by_version" ON "definition" USING btree ("tenant","kind","namespace","name","version") WHERE deleted_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "status_by_application" ON "status" USING btree ("tenant","application");--> statement-breakpoint
CREATE INDEX "agent_by_cluster" ON "agent" USING btree ("tenant","cluster");--> statement-breakpoint
CREATE INDEX "bundle_by_cluster" ON "bundle" USING btree ("cluster_tenant","cluster","tenant","application");--> statement-breakpoint
CREATE INDEX "bundle_by_objects" ON "bundle" USING btree ("tenant","objects");--> statement-breakpoint
CREATE INDEX "bundle_by_previous_objects" ON "bundle" USING btree ("tenant","previous_objects");--> statement-breakpoint
CREATE UNIQUE INDEX "cluster_by_name" ON "cluster" USING btree ("tenant","name");--> statement-breakpoint
CREATE INDEX "cluster_by_beat" ON "cluster" USING btree ("last_seen_at") WHERE state = 'active';--> statement-breakpoint
CREATE UNIQUE INDEX "cluster_grant_by_name" ON "cluster_grant" USING btree ("grantee","name") WHERE revoked_at is null;--> statement-breakpoint
CREATE INDEX "enrolment_by_expiry" ON "enrolment" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "plan_by_expiry" ON "plan" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "delivery_once" ON "delivery" USING btree ("tenant","receiver","delivery_id") WHERE replay_of is null;--> statement-breakpoint
CREATE INDEX "delivery_by_body" ON "delivery" USING btree ("tenant","receiver","body_hash","received_at");--> statement-breakpoint
CREATE INDEX "delivery_by_age" ON "delivery" USING btree ("received_at");--> statement-breakpoint
CREATE UNIQUE INDEX "receiver_by_name" ON "receiver" USING btree ("tenant","name");--> statement-breakpoint
CREATE INDEX "outbox_by_time" ON "outbox" USING btree ("send_at");--> statement-breakpoint
CREATE INDEX "rendering_by_objects" ON "rendering" USING btree ("tenant","objects");--> statement-breakpoint
CREATE INDEX "run_by_application" ON "run" USING btree ("tenant","application","number");--> statement-breakpoint
CREATE INDEX "run_due" ON "run" USING btree ("tenant","due_at") WHERE due_at is not null;--> statement-breakpoint
CREATE INDEX "run_unfinished" ON "run" USING btree ("tenant","application") WHERE finished_at is null;--> statement-breakpoint
CREATE INDEX "run_unpacked" ON "run" USING btree ("finished_at") WHERE packed_at is null and finished_at is not null;--> statement-breakpoint
CREATE INDEX "run_by_journal" ON "run" USING btree ("tenant","journal_blob") WHERE journal_blob is not null;--> statement-breakpoint
CREATE INDEX "run_event_by_run" ON "run_event" USING btree ("tenant","run","seq");--> statement-breakpoint
CREATE INDEX "run_event_pending" ON "run_event" USING btree ("tenant","run") WHERE consumed_at is null;--> statement-breakpoint
CREATE INDEX "run_event_by_age" ON "run_event" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "blob_by_touch" ON "blob" USING btree ("touched_at");--> statement-breakpoint
CREATE INDEX "directory_by_tenant" ON "directory" USING btree ("tenant");--> statement-breakpoint
CREATE INDEX "idempotency_by_expiry" ON "idempotency" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "tenant_by_name" ON "tenant" USING btree ("name");