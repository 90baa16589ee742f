import { deliverySuite } from './delivery.ts';

deliverySuite('delivery to a sandbox', undefined);
