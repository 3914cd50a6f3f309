using L4Lb.Engine.Datagrams;
using L4Lb.Engine.Desired;
using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Tests.Datagrams;

public sealed class FlowIndexTests
{
    private readonly FlowRig _rig = new(ServiceRig.Spec53(9001));
    private readonly FlowIndex _index = new();

    [Fact]
    public void Finds_a_flow_by_all_four_parts_of_its_key()
    {
        var (client, listen) = (AddressKey.FromIPv4(1, 2), AddressKey.FromIPv4(3, 4));
        var flow = _rig.NewFlow(new FlowKey(client, listen));
        _index.Add(flow);

        Assert.Same(flow, _index.Find(new FlowKey(client, listen)));
        Assert.Null(_index.Find(new FlowKey(client with { Port = 3 }, listen)));
        Assert.Null(_index.Find(new FlowKey(client with { Address = 1 }, listen)));
        Assert.Null(_index.Find(new FlowKey(client, listen with { Port = 5 })));
        Assert.Null(_index.Find(new FlowKey(client, AddressKey.FromIPv4(4, 4))));
        Assert.Null(_index.Find(new FlowKey(listen, client)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Agrees_with_a_dictionary_and_does_not_stay_grown(int seed)
    {
        var random = new Random(seed);
        var model = new Dictionary<FlowKey, Flow>();
        var keys = new List<FlowKey>();
        for (var step = 0; step < 60_000; step++)
        {
            // A flood comes and goes.
            var grows = random.Next(100) < (step < 25_000 ? 80 : 25);
            var key = new FlowKey(AddressKey.FromIPv4((uint)random.Next(300), (ushort)random.Next(200)), AddressKey.FromIPv4(9, 53));
            if (grows && !model.ContainsKey(key))
            {
                model.Add(key, _rig.NewFlow(key));
                keys.Add(key);
                _index.Add(model[key]);
            }
            else if (!grows && keys.Count > 0)
            {
                var i = random.Next(keys.Count);
                _index.Remove(model[keys[i]]);
                model.Remove(keys[i]);
                (keys[i], keys[^1]) = (keys[^1], keys[i]);
                keys.RemoveAt(keys.Count - 1);
            }

            Assert.Equal(model.Count, _index.Count);
            Assert.Same(model.GetValueOrDefault(key), _index.Find(key));
            Assert.True(_index.Room >= _index.Count && (_index.Room == 256 || _index.Count >= _index.Room / 8), $"{_index.Room}");
        }

        Assert.All(model, item => Assert.Same(item.Value, _index.Find(item.Key)));
        Assert.Equal(256, _index.Room);
    }

    /// <summary>
    /// The worst that a liar can do who knows the function and not its secrets: addresses for which one factor of the
    /// product is zero, or a power of two, so that nothing of the other half is mixed.
    /// </summary>
    [Theory]
    [InlineData(0xD1B54A32D192ED03)]
    [InlineData(0xD1B54A32D192ED03 ^ (1UL << 32))]
    public void Chosen_addresses_do_not_make_one_chain(ulong upper)
    {
        var flows = new List<Flow>();
        for (var i = 0UL; i < 4096; i++)
        {
            var client = new AddressKey(new UInt128(upper ^ 53, i << 40), 0);
            flows.Add(_rig.NewFlow(new FlowKey(client, AddressKey.FromIPv4(9, 53))));
            _index.Add(flows[^1]);
        }

        Assert.InRange(flows.Max(LengthFrom), 1, 16);
    }

    private static int LengthFrom(Flow? flow)
    {
        var length = 0;
        for (; flow is not null; flow = flow.NextInBucket)
        {
            length++;
        }

        return length;
    }
}
