using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Tests.Scheduling;

public sealed class LocalityTableTests
{
    private const int Idle = 100;

    [Fact]
    public void Finds_what_was_added_until_it_was_idle_for_long()
    {
        var table = new LocalityTable();
        table.Add(key: 5, set: 7, nowSeconds: 0);

        Assert.Equal(7UL, table.SetOf(table.Find(5, 99, Idle)));
        Assert.Equal(7UL, table.SetOf(table.Find(5, 198, Idle)));
        Assert.Equal(-1, table.Find(5, 298, Idle));
        Assert.Equal(-1, table.Find(6, 0, Idle));
    }

    [Fact]
    public void A_full_bucket_forgets_the_one_that_was_used_least_recently()
    {
        // Keys that differ in low bits share a bucket of 16.
        var table = new LocalityTable();
        for (var key = 1; key <= 16; key++)
        {
            table.Add((ulong)key, 1, key);
        }

        table.Find(1, 20, Idle);
        table.Add(17, 1, 21);

        Assert.Equal(-1, table.Find(2, 22, Idle));
        Assert.All(Enumerable.Range(1, 17).Where(key => key != 2), key => Assert.True(table.Find((ulong)key, 22, Idle) >= 0));
    }

    [Fact]
    public void A_set_has_four_places()
    {
        var set = LocalityTable.With(LocalityTable.With(LocalityTable.With(0, 0, 65535), 3, 9), 1, 2);

        Assert.Equal([65535, 2, 0, 9], Enumerable.Range(0, 4).Select(place => LocalityTable.MemberOf(set, place)));
        Assert.Equal(0, LocalityTable.MemberOf(LocalityTable.With(set, 0, 0), 0));
    }

    [Fact]
    public void A_change_of_what_somebody_else_changed_is_left_out()
    {
        var table = new LocalityTable();
        table.Add(5, 1, 0);
        var entry = table.Find(5, 0, Idle);

        table.Change(entry, from: 1, to: 2, nowSeconds: 10);
        table.Change(entry, from: 1, to: 3, nowSeconds: 20);

        Assert.Equal(2UL, table.SetOf(entry));
        Assert.Equal(5, table.UnchangedSeconds(entry, 15));
    }

    [Fact]
    public void Numbers_belong_to_addresses()
    {
        var table = new LocalityTable();
        Candidate[] candidates = [.. Enumerable.Range(0, 3).Select(i => SchedulerRig.Candidate(i, 1))];
        var numbers = table.NumbersOf(candidates);

        Assert.Equal([numbers[2], numbers[0]], table.NumbersOf([candidates[2], candidates[0]]));
        Assert.DoesNotContain((ushort)0, numbers);
        Assert.Equal(3, numbers.Distinct().Count());
    }

    [Fact]
    public void Numbers_of_backends_long_gone_are_forgotten_with_all_entries()
    {
        var table = new LocalityTable();
        table.Add(5, 1, 0);
        for (var i = 0; i < 1026; i++)
        {
            Assert.Equal([(ushort)(i + 1)], table.NumbersOf([SchedulerRig.Candidate(i, 1)]));
        }

        Assert.True(table.Find(5, 0, Idle) >= 0);
        Assert.Equal([(ushort)1], table.NumbersOf([SchedulerRig.Candidate(2000, 1)]));
        Assert.Equal(-1, table.Find(5, 0, Idle));
    }

    [Fact]
    public void Backends_beyond_65535_have_no_number()
    {
        var numbers = new LocalityTable().NumbersOf([.. Enumerable.Range(0, 65_540).Select(i => SchedulerRig.Candidate(i, 1))]);

        Assert.Equal(65_535, numbers.Count(number => number > 0));
        Assert.All(numbers[65_535..], number => Assert.Equal(0, number));
    }

    [Fact]
    public async Task Eight_threads_that_add_change_and_find_leave_whole_entries()
    {
        var table = new LocalityTable();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Factory.StartNew(
            () =>
            {
                var random = new Random(thread);
                for (var i = 0; i < 20_000; i++)
                {
                    // 40 keys in one bucket of 16; every set is of four equal members.
                    var key = (ulong)random.Next(1, 41);
                    var set = (ulong)random.Next(1, 5) * 0x0001_0001_0001_0001;
                    if (table.Find(key, i, Idle) is >= 0 and var entry)
                    {
                        table.Change(entry, table.SetOf(entry), set, i);
                    }
                    else
                    {
                        table.Add(key, set, i);
                    }
                }
            },
            TaskCreationOptions.LongRunning)));

        var entries = Enumerable.Range(1, 40).Select(key => table.Find((ulong)key, 20_000, 20_001)).Where(entry => entry >= 0).ToArray();
        Assert.InRange(entries.Length, 8, 16);
        Assert.All(entries, entry => Assert.Equal(0UL, table.SetOf(entry) % 0x0001_0001_0001_0001));
    }
}
