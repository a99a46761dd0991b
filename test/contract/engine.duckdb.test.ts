import { openLake } from '../support/lake.ts';
import { engineContract } from './engine.ts';

engineContract('duckdb', () => openLake());
engineContract('duckdb, a family at a time', () => openLake({ waveRecords: 0, waveBytes: 1 }));
