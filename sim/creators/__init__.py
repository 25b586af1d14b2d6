"""Who there is: communities, how their creators differ, who starts, and the crowd as columns."""
