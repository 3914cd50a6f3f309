using System.Net;
using L4Lb.Engine.Control;
using L4Lb.Engine.Desired;

namespace L4Lb.Engine.Tests.Control;

public sealed class StateDiffTests
{
    /// <summary>For any two states, what the diff of one and the other removes and changes makes the other of the one.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Applied_to_the_old_state_it_gives_the_new(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 2_000; i++)
        {
            var old = RandomState(random);
            var desired = RandomState(random);

            var diff = StateDiff.Between(old, desired);

            var current = old.Services.ToDictionary(service => service.Key);

            var untouched = current.Values.Except(diff.Removed).Where(service => diff.Changed.All(changed => changed.Key != service.Key));
            Assert.All(untouched, service => Assert.Contains(service, desired.Services));
            foreach (var service in diff.Removed)
            {
                Assert.True(current.Remove(service.Key));
            }

            foreach (var service in diff.Changed)
            {
                Assert.False(current.TryGetValue(service.Key, out var before) && before == service, "an unchanged service is touched");
                current[service.Key] = service;
            }

            Assert.Equal(desired.Services.OrderBy(service => service.Key.Name), current.Values.OrderBy(service => service.Key.Name));
            Assert.Equal(diff.Removed.Count + diff.Changed.Count, diff.Count);
        }
    }

    [Fact]
    public void Equal_states_differ_in_nothing()
    {
        Assert.Equal(0, StateDiff.Between(RandomState(new Random(1)), RandomState(new Random(1))).Count);
    }

    private static DesiredState RandomState(Random random) => new()
    {
        Services =
        [
            .. Enumerable.Range(0, 8).Where(_ => random.Next(2) == 0).Select(name => new ServiceSpec
            {
                Key = new ServiceKey("default", $"{name}", "tcp"),
                Backends = [.. Enumerable.Range(1, random.Next(3)).Select(host => new BackendSpec { Address = new IPEndPoint(host, 80) })],
                Affinity = random.Next(2) == 0 ? new AffinitySpec() : null,
            }),
        ],
    };
}
