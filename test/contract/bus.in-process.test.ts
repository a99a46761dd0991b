import { createInProcessBus } from '../../ports/bus/in-process.ts';
import { createFixedClock } from '../../ports/clock/fixed.ts';
import { busContract } from './bus.ts';

busContract('in-process', () => createInProcessBus({ clock: createFixedClock(0) }));
