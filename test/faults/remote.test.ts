import { testMatrix } from './tested-matrix.ts';

testMatrix('remote');
