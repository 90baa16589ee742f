CREATE TABLE `plan_part` (
	`tenant` text NOT NULL,
	`plan` text NOT NULL,
	`cluster` text NOT NULL,
	`state` text NOT NULL,
	`request` text NOT NULL,
	`result` text,
	`write_id` text NOT NULL,
	PRIMARY KEY(`tenant`, `plan`, `cluster`),
	FOREIGN KEY (`tenant`,`plan`) REFERENCES `plan`(`tenant`,`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`tenant`,`cluster`) REFERENCES `cluster`(`tenant`,`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `plan_part_by_cluster` ON `plan_part` (`tenant`,`cluster`,`state`);--> statement-breakpoint
ALTER TABLE `plan` DROP COLUMN `cluster`;--> statement-breakpoint
ALTER TABLE `plan` DROP COLUMN `result`;