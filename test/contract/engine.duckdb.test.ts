import { openLake } from '../support/lake.ts';
import { engineContract } from './engine.ts';

engineContract('duckdb', () => openLake());
