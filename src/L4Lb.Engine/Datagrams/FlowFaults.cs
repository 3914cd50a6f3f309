using L4Lb.Engine.Interop;
using L4Lb.Engine.Sessions;

namespace L4Lb.Engine.Datagrams;

/// <summary>
/// What becomes of flows whose backend cannot be reached, and of datagrams that could not be sent. Shard thread only.
/// </summary>
internal sealed class FlowFaults(FlowContext context, IFlowPort port, FlowTable table, FlowConnector connector)
{
    /// <inheritdoc cref="FlowTable.Failed"/>
    internal SendVerdict Failed(Flow flow, Errno error, in Datagram unsent)
    {
        if (flow.IsOver)
        {
            return SendVerdict.Over;
        }

        if (error == Errno.EMSGSIZE)
        {
            context.Counters.DatagramsOversized += unsent.Count;
            return Drop(flow, unsent);
        }

        if (flow.IsOutlet && !FlowConnector.IsOurWant(error))
        {
            flow.FailedMs = context.NowMs;
            connector.Blame(flow.Service, flow.Backend!);
        }

        if (flow.IsOutlet || FlowConnector.IsOurWant(error))
        {
            context.Counters.DatagramsDropped += unsent.Count;
            return Drop(flow, unsent);
        }

        return Reconnect(flow) ? SendVerdict.Again : SendVerdict.Over;
    }

    /// <inheritdoc cref="FlowTable.Unreachable"/>
    internal void Unreachable(Flow flow, Errno error)
    {
        if (flow.IsOver || error == Errno.EMSGSIZE || FlowConnector.IsOurWant(error))
        {
            return;
        }

        if (flow.IsOutlet)
        {
            flow.FailedMs = context.NowMs;
            connector.Blame(flow.Service, flow.Backend!);
        }
        else
        {
            Reconnect(flow);
        }
    }

    private SendVerdict Drop(Flow flow, in Datagram unsent)
    {
        // The copy may be of what is lost, or of one that waits behind it and is now that much nearer to the front.
        var isBehind = flow.Kept.Number - (flow.Requests - flow.Unsent);
        if (isBehind > unsent.Count)
        {
            flow.Kept.Number -= unsent.Count;
        }
        else if (isBehind > 0)
        {
            table.Kept.Drop(ref flow.Kept);
        }

        flow.Requests -= unsent.Count;
        flow.BytesFromClient -= unsent.Length;
        return SendVerdict.Drop;
    }

    /// <summary>Goes on with another backend, which gets the first unanswered datagram; else ends the flow. False then.</summary>
    private bool Reconnect(Flow flow)
    {
        var reason = flow.IsAnswered ? CloseReason.BackendReset : CloseReason.ConnectRefused;
        do
        {
            connector.GiveUp(flow);
            if (!flow.AwaitsAnswer || !flow.MayResend || connector.Connect(flow) != CloseReason.None)
            {
                table.End(flow, reason);
                return false;
            }
        }
        while (!Resend(flow));
        return true;
    }

    /// <summary>Sends again what is unanswered and was sent before. False when that is impossible with this backend, too.</summary>
    private bool Resend(Flow flow)
    {
        var wasSent = flow.Kept.Buffer is not null && flow.Kept.Number <= flow.Requests - flow.Unsent;
        if (!wasSent || context.NowMs - flow.Kept.ArrivedMs > KeptDatagrams.LifetimeMs)
        {
            return true;
        }

        var error = port.Resend(flow, flow.Kept.Bytes);
        context.Counters.DatagramsResent += error == Errno.None ? 1 : 0;
        return error is Errno.None or Errno.EMSGSIZE || FlowConnector.IsOurWant(error);
    }
}
