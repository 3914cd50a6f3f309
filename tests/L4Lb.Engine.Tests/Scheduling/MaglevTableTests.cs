using L4Lb.Engine.Desired;
using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Tests.Scheduling;

/// <summary>The table against what the paper and Envoy's own tests say of it.</summary>
public sealed class MaglevTableTests
{
    private const int Size = 65537;

    /// <summary>Envoy, maglev_lb_test.cc: 127.0.0.1:90 … 95 in a table of seven.</summary>
    [Fact]
    public void Is_Envoys_table_of_seven()
    {
        Candidate[] hosts = [.. Enumerable.Range(90, 6).Select(port =>
            new Candidate(AddressKey.FromIPv4(0x7F000001, (ushort)port), 1, new BackendLoad()))];

        Assert.Equal([2, 4, 0, 1, 5, 0, 3], MaglevTable.Fill(hosts, 7));
    }

    /// <summary>The paper, 3.4: with 65,537 slots and 1,000 backends everybody has 65 or 66.</summary>
    [Fact]
    public void Shares_differ_by_one_slot() =>
        Assert.All(Owners(Equal(1000)), slots => Assert.InRange(slots, 65, 66));

    /// <summary>Envoy, load_balancers.rst: weights 1 and 2 get 21,846 and 43,691 slots.</summary>
    [Fact]
    public void Weights_1_and_2_get_Envoys_slots() => Assert.Equal([21846, 43691], Owners(Weights(1, 2)));

    [Theory]
    [InlineData(1, 65535)]
    [InlineData(3, 1, 4, 1, 5, 9, 2, 6)]
    [InlineData(100, 1, 1, 1, 1, 1, 1, 1, 1, 1)]
    public void Shares_follow_weights_to_few_slots(params int[] weights)
    {
        var owners = Owners(Weights(weights));

        for (var i = 0; i < weights.Length; i++)
        {
            Assert.InRange(owners[i] - ((double)Size * weights[i] / weights.Sum()), -weights.Length, weights.Length);
        }
    }

    /// <summary>The rule as Envoy has it, which visits every candidate in every round.</summary>
    [Fact]
    public void Turns_are_those_of_Envoys_rounds()
    {
        var random = new Random(3);
        for (var trial = 0; trial < 50; trial++)
        {
            int[] weights = [.. Enumerable.Range(0, random.Next(2, 12)).Select(_ => random.Next(1, 30))];
            var expected = new int[weights.Length];
            var target = new long[weights.Length];
            for (int round = 1, left = 1021; left > 0; round++)
            {
                // Who takes a turn is decided in the order of names, which for these is the order of the list.
                for (var i = 0; i < weights.Length && left > 0; i++)
                {
                    if ((long)round * weights[i] >= target[i])
                    {
                        target[i] += weights.Max();
                        expected[i]++;
                        left--;
                    }
                }
            }

            Assert.Equal(expected, Owners(Weights(weights), 1021));
        }
    }

    [Fact]
    public void Does_not_depend_on_the_order_of_the_list()
    {
        var candidates = Weights(3, 1, 4, 1, 5, 9);
        Candidate[] reversed = [.. candidates.Reverse()];

        var (slots, others) = (MaglevTable.Fill(candidates, 251), MaglevTable.Fill(reversed, 251));

        Assert.Equal(slots.Select(i => candidates[i].Address), others.Select(i => reversed[i].Address));
    }

    /// <summary>
    /// The paper, figure 12, and PacketBalance's measurement: when one of weights 1, 1, 2, 4 goes, little more than its own
    /// slots change hands (25 % must; a modulo moves 58 %).
    /// </summary>
    [Fact]
    public void Little_more_changes_hands_than_must()
    {
        var before = Weights(1, 1, 2, 4);
        Candidate[] after = [before[0], before[1], before[3]];

        var moved = MaglevTable.Fill(before, Size).Zip(MaglevTable.Fill(after, Size))
            .Count(slot => before[slot.First].Address != after[slot.Second].Address);

        Assert.InRange((double)moved / Size, 0.25, 0.28);
    }

    [Theory]
    [InlineData("4", false)]
    [InlineData("65536", false)]
    [InlineData("5000011", true)]
    [InlineData("65537", true)]
    [InlineData("65537x", false)]
    public void Only_primes_are_sizes(string size, bool isValid)
    {
        var problem = SchedulerCatalog.Validate(new SchedulerSpec("maglev", [new("table-size", size)]));

        Assert.Equal(isValid, problem is null);
        Assert.True(isValid || problem!.Contains("prime", StringComparison.Ordinal), problem);
    }

    [Fact]
    public void Has_a_slot_for_everybody_however_small_it_was_asked_to_be()
    {
        var rig = new SchedulerRig(new SchedulerSpec("maglev", [new("table-size", "7")]), Equal(100));

        Assert.Equal(100, Enumerable.Range(0, 5000).Select(rig.Pick).Distinct().Count());
    }

    private static Candidate[] Equal(int count) => Weights([.. Enumerable.Repeat(1, count)]);

    /// <summary>Candidates whose names sort as the list: all of the same length.</summary>
    private static Candidate[] Weights(params int[] weights) =>
        [.. weights.Select(static (weight, i) =>
            new Candidate(AddressKey.FromIPv4(0x0A0A0A0Au, (ushort)(10_000 + i)), weight, new BackendLoad()))];

    private static int[] Owners(Candidate[] candidates, int size = Size)
    {
        var owners = new int[candidates.Length];
        foreach (var owner in MaglevTable.Fill(candidates, size))
        {
            owners[owner]++;
        }

        return owners;
    }
}
