using L4Lb.Engine.Limits;
using L4Lb.Engine.Scheduling;

namespace L4Lb.Engine.Tests.Limits;

/// <summary>Customers who share a few rooms, in random interleavings: what must hold whatever happens when.</summary>
public sealed class WaitQueueModelTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Nobody_waits_while_there_is_room_and_the_order_is_kept(int seed)
    {
        // Each step runs one thing that could run: a customer comes, leaves a room, gives up, or takes a turn that was
        // posted some time ago. A room that comes free and its offer are steps of their own, as on two shards.
        var random = new Random(seed);
        var rooms = new Rooms(random.Next(1, 5));
        var queue = new WaitQueue();
        var waiting = new List<Customer>();
        var inside = new List<Customer>();
        var posted = new List<Customer>();
        var offersOwed = 0;
        var served = 0;

        for (var step = 0; step < 20_000; step++)
        {
            switch (random.Next(12))
            {
                case < 4:
                    var customer = new Customer(step, posted);
                    if (queue.Count == 0 && rooms.TryTake())
                    {
                        inside.Add(customer);
                    }
                    else if (queue.TryJoin(customer, most: 8, out var position))
                    {
                        waiting.Add(customer);
                        Assert.Equal(waiting.Count, position);
                    }
                    else
                    {
                        Assert.Equal(8, waiting.Count);
                    }

                    break;

                case < 6 when inside.Count > 0:
                    inside.RemoveAt(random.Next(inside.Count));
                    rooms.GiveBack();
                    offersOwed++;
                    break;

                case 6 when random.Next(20) == 0:
                    rooms.Most = random.Next(1, 5);
                    offersOwed++;
                    break;

                case < 8 when offersOwed > 0:
                    offersOwed--;
                    queue.Offer();
                    break;

                case 8 when waiting.Count > 0 && random.Next(4) == 0:
                    var leaving = waiting[random.Next(waiting.Count)];
                    waiting.Remove(leaving);
                    queue.Leave(leaving);
                    break;

                case > 8 when posted.Count > 0:
                    TakeTurn(posted[random.Next(posted.Count)]);
                    break;
            }

            Assert.Equal(waiting.Count, queue.Count);
            Assert.True(posted.Count(waiting.Contains) <= 1, "two places have the turn");
            if (offersOwed == 0 && posted.Count == 0)
            {
                Assert.False(waiting.Count > 0 && rooms.HasRoom, $"step {step}: somebody waits beside a free room");
            }
        }

        Assert.True(served > 500, $"only {served} were served from the queue");

        void TakeTurn(Customer customer)
        {
            posted.Remove(customer);
            if (!waiting.Contains(customer))
            {
                return;
            }

            if (rooms.TryTake())
            {
                Assert.Same(waiting[0], customer);
                waiting.Remove(customer);
                inside.Add(customer);
                served++;
                queue.Leave(customer);
            }
            else
            {
                queue.Yield(customer, passes: false);
            }
        }
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(3, 2)]
    public async Task Eight_threads_lose_no_turn(int most, int resumeBelow)
    {
        const int Visits = 5_000;
        var load = new BackendLoad();
        load.Bound(most, resumeBelow);
        var queue = new WaitQueue();
        var inside = 0;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Factory.StartNew(
            () =>
            {
                var random = new Random(thread);
                for (var i = 0; i < Visits; i++)
                {
                    if (queue.Count > 0 || !load.TryAcquire())
                    {
                        WaitForRoom(random);
                    }

                    Assert.InRange(Interlocked.Increment(ref inside), 1, most);
                    Thread.SpinWait(random.Next(50));
                    Interlocked.Decrement(ref inside);
                    load.Release();
                    queue.Offer();
                }
            },
            TaskCreationOptions.LongRunning)));

        Assert.Equal((0, 0), (queue.Count, load.Active));

        void WaitForRoom(Random random)
        {
            using var turn = new SemaphoreSlim(0);
            while (true)
            {
                // Now and then somebody gives up with or without the turn, and comes again.
                var place = new TestPlace(() => turn.Release());
                Assert.True(queue.TryJoin(place, most: 8, out _));
                var gives = random.Next(8) == 0;
                while (!gives)
                {
                    Assert.True(turn.Wait(TimeSpan.FromSeconds(20)), "a turn was lost");
                    if (load.TryAcquire())
                    {
                        queue.Leave(place);
                        return;
                    }

                    queue.Yield(place, passes: false);
                }

                queue.Leave(place);
                while (turn.Wait(0))
                {
                }
            }
        }
    }

    private sealed class Customer(int name, List<Customer> posted) : QueuePlace
    {
        internal override void OnTurn() => posted.Add(this);

        public override string ToString() => $"{name}";
    }

    private sealed class Rooms(int most)
    {
        private int _taken;

        internal int Most { get; set; } = most;

        internal bool HasRoom => _taken < Most;

        internal bool TryTake()
        {
            var hasRoom = HasRoom;
            _taken += hasRoom ? 1 : 0;
            return hasRoom;
        }

        internal void GiveBack() => _taken--;
    }
}
