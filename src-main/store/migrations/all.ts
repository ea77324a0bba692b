/** All migrations in their order; a shipped one is never edited, a new one is appended (architecture.md, "Persistence"). */
import { coreMigration } from './0001-core.ts';
import { chainMigration } from './0002-chain.ts';
import { scaleMigration } from './0003-scale.ts';
import { jobTotalsMigration } from './0004-job-totals.ts';
import { fewerWritesMigration } from './0005-fewer-writes.ts';
import { stackRootsMigration } from './0006-stack-roots.ts';
import { attestationsMigration } from './0007-attestations.ts';
import { ratesMigration } from './0008-rates.ts';
import { directMigration } from './0009-direct.ts';
import { gaugesMigration } from './0010-gauges.ts';
import { powerMigration } from './0011-power.ts';
import type { Migration } from './migration.ts';

/** In ascending order of id, without gaps. */
export const migrations: readonly Migration[] = [coreMigration, chainMigration, scaleMigration, jobTotalsMigration, fewerWritesMigration, stackRootsMigration, attestationsMigration, ratesMigration, directMigration, gaugesMigration, powerMigration];
