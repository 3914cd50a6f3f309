// The leak assertions count what the whole process has open, and the machine's cores are few.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
