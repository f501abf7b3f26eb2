-- Whether the coach has erased this feedback: nothing of it can be shown or shared any more.
ALTER TABLE debriefs ADD COLUMN erased INTEGER NOT NULL DEFAULT 0 CHECK (erased IN (0, 1));
