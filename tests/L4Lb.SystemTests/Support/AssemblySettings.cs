// One after the other: several of these tests measure time, and each of them keeps a small machine busy by itself.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
