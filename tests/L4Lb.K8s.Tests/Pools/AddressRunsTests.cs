using L4Lb.K8s.Pools;

namespace L4Lb.K8s.Tests.Pools;

public sealed class AddressRunsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Runs_are_a_set(int seed)
    {
        // Numbers around both ends of all addresses, where counting on would go wrong.
        var random = new Random(seed);
        UInt128 Number(int i) => unchecked((UInt128)i - 20);
        var (runs, set) = (new AddressRuns(), new HashSet<UInt128>());
        for (var step = 0; step < 3000; step++)
        {
            var number = Number(random.Next(40));
            if (set.Add(number))
            {
                runs.Add(number);
            }
            else
            {
                set.Remove(number);
                runs.Remove(number);
            }

            var (a, b) = (Number(random.Next(40)), Number(random.Next(40)));
            var range = new AddressRange(UInt128.Min(a, b), UInt128.Max(a, b));
            if (range.Count > 40)
            {
                range = new AddressRange(range.First, range.First + 5);
            }

            var inside = Enumerable.Range(0, (int)range.Count).Select(i => range.First + (UInt128)i).ToArray();
            Assert.Equal(inside.Cast<UInt128?>().FirstOrDefault(n => !set.Contains(n!.Value)), runs.FirstOutside(range));
            Assert.Equal(inside.Where(set.Contains), runs.Within(range).SelectMany(run =>
                Enumerable.Range(0, (int)run.Count).Select(i => run.First + (UInt128)i)));
        }
    }
}
