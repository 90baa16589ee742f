CREATE TABLE "plan_part" (
	"tenant" text collate "C" NOT NULL,
	"plan" text collate "C" NOT NULL,
	"cluster" text collate "C" NOT NULL,
	"state" text collate "C" NOT NULL,
	"request" text collate "C" NOT NULL,
	"result" text collate "C",
	"write_id" text collate "C" NOT NULL,
	CONSTRAINT "plan_part_pk" PRIMARY KEY("tenant","plan","cluster")
);
--> statement-breakpoint
ALTER TABLE "plan_part" ADD CONSTRAINT "plan_part_plan" FOREIGN KEY ("tenant","plan") REFERENCES "public"."plan"("tenant","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan_part" ADD CONSTRAINT "plan_part_cluster" FOREIGN KEY ("tenant","cluster") REFERENCES "public"."cluster"("tenant","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "plan_part_by_cluster" ON "plan_part" USING btree ("tenant","cluster","state");--> statement-breakpoint
ALTER TABLE "plan" DROP COLUMN "cluster";--> statement-breakpoint
ALTER TABLE "plan" DROP COLUMN "result";