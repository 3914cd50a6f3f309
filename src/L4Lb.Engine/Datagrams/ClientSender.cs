using L4Lb.Engine.Desired;
using L4Lb.Engine.Metrics;
using L4Lb.Engine.Sockets;

namespace L4Lb.Engine.Datagrams;

/// <summary>
/// Sends answers to clients, each from the address that was asked, those of many flows in one call. Shard thread only.
/// </summary>
internal sealed unsafe class ClientSender(ShardCounters counters) : IDisposable
{
    private readonly List<(Flow? Flow, Datagram Datagram)> _answers = [];
    private readonly SendBatch _batch = new();
    private readonly SendBatch _single = new();
    private readonly Flow[] _flows = new Flow[SendBatch.MessagesMost];

    /// <summary>Takes an answer for the flow's client; <see cref="Flush"/> must follow while it is valid.</summary>
    internal void Add(Flow flow, in Datagram datagram) => _answers.Add((flow, datagram));

    /// <summary>Sends all that waits, socket by socket.</summary>
    internal void Flush()
    {
        for (var i = 0; i < _answers.Count; i++)
        {
            if (_answers[i].Flow is { } flow)
            {
                SendFrom(i, flow.Listener);
            }
        }

        _answers.Clear();
    }

    public void Dispose()
    {
        _batch.Dispose();
        _single.Dispose();
    }

    /// <summary>Sends the answers that leave by <paramref name="listener"/>, from index <paramref name="first"/> on.</summary>
    private void SendFrom(int first, DatagramListener listener)
    {
        _batch.Clear();
        for (var i = first; i < _answers.Count; i++)
        {
            var (flow, datagram) = _answers[i];
            if (flow?.Listener == listener)
            {
                _answers[i] = default;
                Gather(flow, datagram);
            }
        }

        Send(listener);
    }

    private void Gather(Flow flow, in Datagram datagram)
    {
        if (datagram.Count > 1 && !flow.Listener.Segments)
        {
            foreach (var single in datagram)
            {
                Gather(flow, single);
            }

            return;
        }

        if (flow.Listener.Segments && _batch.Count > 0 && _flows[_batch.Count - 1] == flow && _batch.TryAppend(datagram))
        {
            return;
        }

        if (_batch.IsFull)
        {
            Send(flow.Listener);
        }

        _flows[_batch.Count] = flow;
        _batch.Add(datagram, flow.Client, FromOf(flow));
    }

    /// <summary>The address to answer from, where the socket has more than one.</summary>
    private static AddressKey FromOf(Flow flow) => flow.Listener.Target.IsWildcard ? flow.Key.Listen : default;

    private void Send(DatagramListener listener)
    {
        for (var next = 0; next < _batch.Count;)
        {
            var sent = DatagramIo.Send(listener.Fd, _batch.Headers + next, _batch.Count - next);
            if (sent.Succeeded)
            {
                next += sent.Value;
                continue;
            }

            if (_batch.DatagramsOf(next) > 1 && Segmentation.IsRefusal(sent.Error))
            {
                listener.Segments = false;
                SendSingly(next);
            }
            else
            {
                counters.DatagramsDropped += _batch.DatagramsOf(next);
            }

            next++;
        }

        _batch.Clear();
    }

    private void SendSingly(int message)
    {
        var flow = _flows[message];
        for (var i = 0; i < (int)_batch.Headers[message].VectorCount; i++)
        {
            foreach (var datagram in _batch.PartOf(message, i))
            {
                _single.Clear();
                _single.Add(datagram, flow.Client, FromOf(flow));
                if (!DatagramIo.Send(flow.Listener.Fd, _single.Headers, 1).Succeeded)
                {
                    counters.DatagramsDropped++;
                }
            }
        }
    }
}
