import { createMemoryObjects } from '../../ports/objects/memory.ts';
import { objectsContract } from './objects.ts';

objectsContract('memory', createMemoryObjects);
