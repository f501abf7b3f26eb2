"""Would the tests notice? Small faults are put into the program, and the tests run."""
