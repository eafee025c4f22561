-- Keeps workers from taking jobs. For BullMQ 5 the waiting jobs move to the list of a paused queue.
if call('HSETNX', metaKey, 'paused', 1) == 1 then
    if call('EXISTS', pausedKey) == 0 then
        if call('EXISTS', waitKey) == 1 then call('RENAME', waitKey, pausedKey) end
    else
        while call('RPOPLPUSH', waitKey, pausedKey) do end
    end
    call('DEL', markerKey)
    event('paused')
end
return 0
