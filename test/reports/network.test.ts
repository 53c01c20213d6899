import { NETWORK } from './data/network';
import { tryReports } from './report';

tryReports(NETWORK);
