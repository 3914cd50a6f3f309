// One after the other: a browser keeps a small machine busy by itself, and some of these tests measure time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: AssemblyFixture(typeof(L4Lb.BrowserTests.Support.Chromium))]
