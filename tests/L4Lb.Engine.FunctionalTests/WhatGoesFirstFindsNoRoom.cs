using System.Net;
using System.Net.Sockets;
using L4Lb.Engine.Metrics;
using L4Lb.Engine.Relaying;
using L4Lb.Engine.Shards;

namespace L4Lb.Engine.FunctionalTests;

/// <summary>
/// A backend's socket that takes what a relay begins with in pieces, or not at all at first: nothing is lost, nothing
/// comes before it, and what is not the client's is not counted as if it were.
/// </summary>
public sealed class WhatGoesFirstFindsNoRoom
{
    private const int Foreign = 4000;
    private const int Payload = 9000;
    private const int Later = 70_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_is_lost(bool isFull)
    {
        using var shard = new Shard(0);
        var counters = new ShardCounters();
        using var resources = new RelayResources(shard, counters, bufferBytes: 0, pipesMost: 0, splice: false);
        var (client, clientSide) = await PairAsync();
        var (backend, backendSide) = await PairAsync(sendBuffer: 1);
        using var ends = new SocketPair(clientSide, backendSide);
        var filler = isFull ? Fill(backendSide) : 0;
        var expected = new Payload(seed: 17);
        Relay? relay = null;
        var running = Task.FromResult(RelayOutcome.Aborted);
        shard.Start();
        await shard.RunAsync(() =>
        {
            var target = new PolledSocket(shard, (int)backendSide.Handle);
            relay = new Relay(resources, new PolledSocket(shard, (int)clientSide.Handle), target, new TrafficCounters(), new TrafficCounters());
            Assert.Equal(Interop.Errno.None, target.Watch());
            relay.Begin(Prepare(resources, expected, filler), Foreign);
            Assert.Equal(1, resources.Buffers.Rented); // Else the socket had room after all, and this shows nothing.
            running = relay.RunAsync().AsTask();
        });

        using (client)
        using (backend)
        {
            await client.SendAsync(expected.At(filler + Foreign + Payload, Later));
            expected.Check(0, await backend.ReceiveExactlyAsync(filler + Foreign + Payload + Later));
            client.FinishSending();
            backend.FinishSending();

            // Awaited, the rest of the test would run on the shard's thread, and wait there for its end.
            await Eventually.HoldsAsync(() => running.IsCompletedSuccessfully, () => $"the relay is {running.Status}");
        }

        Assert.Equal(RelayOutcome.Completed, await running);
        Assert.Equal(Payload + Later, relay!.BytesFromClient);
        Assert.Equal(Payload + Later, counters.BytesFromClients);
        Assert.Equal(0, resources.Buffers.Rented);
    }

    private static unsafe int Prepare(RelayResources resources, Payload expected, int offset)
    {
        expected.At(offset, Foreign + Payload).Span.CopyTo(new Span<byte>(resources.Buffers.Shared.Pointer, resources.Buffers.Shared.Length));
        return Foreign + Payload;
    }

    /// <summary>Sends of the payload until there is no room; returns how much.</summary>
    private static int Fill(Socket socket)
    {
        var payload = new Payload(seed: 17);
        for (var sent = 0; ;)
        {
            var count = socket.Send(payload.At(sent, 4096).Span, default, out var error);
            if (error != SocketError.Success)
            {
                return sent;
            }

            sent += count;
        }
    }

    /// <summary>A connection: the test's end, and the relay's.</summary>
    private static async Task<(TestConnection Test, Socket Relay)> PairAsync(int? sendBuffer = null)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        if (sendBuffer is { } bytes)
        {
            listener.SendBufferSize = bytes;
        }

        listener.Listen(1);
        var test = await TestConnection.ConnectAsync((IPEndPoint)listener.LocalEndPoint!, receiveBuffer: sendBuffer);
        var relay = await listener.AcceptAsync();
        relay.Blocking = false;
        return (test, relay);
    }

    private sealed record SocketPair(Socket First, Socket Second) : IDisposable
    {
        public void Dispose()
        {
            First.Dispose();
            Second.Dispose();
        }
    }
}
